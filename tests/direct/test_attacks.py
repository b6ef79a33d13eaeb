"""What somebody who means ill tries between two people, and does not get."""

import pytest

from tests.direct.making import handle_of, make_listed, send
from tests.forum.making import make_member

HUGE = "9" * 30


@pytest.mark.parametrize("way", ["?at={}", "?before={}", "?before=-{}", "/behind?no={}&seen=1"])
def test_a_number_that_no_message_can_have_is_no_fault_of_ours(as_user, way):
    member, other = make_member(), make_member()
    sent = send(other, member)
    answer = as_user(member).get(f"/club/messages/{sent.ref}{way.format(HUGE)}")
    assert answer.status_code == 200


def test_a_name_that_a_card_does_not_show_is_not_told_by_writing_to_its_handle(as_user):
    nameless, member = make_listed("Verborgen Name", shows_name=False), make_member()
    browser, handle = as_user(member), handle_of(nameless)
    assert "Verborgen Name" not in browser.get(f"/club/messages/to/{handle}").text
    sent = send(member, nameless)
    for way in ("", f"/{sent.ref}", f"/{sent.ref}/1"):
        assert "Verborgen Name" not in browser.get(f"/club/messages{way}").text
