"""What is too large is refused only after it was sent: senders read no answer before that."""

from io import BytesIO

from portal.core.api import MAX_BODY


def test_a_body_that_is_too_large_is_read_to_its_end(app):
    sent = BytesIO(b"x" * (MAX_BODY + 1))
    answer = app.test_client().post(
        "/api/v1/auth/token", input_stream=sent, content_length=MAX_BODY + 1
    )
    assert answer.status_code == 413
    assert sent.tell() == MAX_BODY + 1
