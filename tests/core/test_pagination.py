"""Cursors: what we handed out comes back; nothing else reaches a database."""

import pytest

from portal.core import pagination
from portal.core.errors import Invalid

#: Cursors of a number beyond 64 bits, which orjson does not write.
HUGE = ["WzEyMDg5MjU4MTk2MTQ2MjkxNzQ3MDYxNzZd", "WzE4NDQ2NzQ0MDczNzA5NTUxNjE1XQ"]


def test_what_was_put_in_comes_out():
    assert pagination.decode(pagination.encode(["Müller", 7]), str, int) == ["Müller", 7]


def test_no_cursor_is_the_first_page():
    assert pagination.decode_number(None) is pagination.decode_number("") is None


@pytest.mark.parametrize("value", ["x", -1, 2**63, None, 1.5, True, [1], {}])
def test_what_cannot_be_an_id_is_refused(value):
    with pytest.raises(Invalid):
        pagination.decode_number(pagination.encode([value]))


@pytest.mark.parametrize("cursor", [*HUGE, "é", "====", "bm9uc2Vuc2U", "W10", "e30"])
def test_what_we_never_wrote_is_refused(cursor):
    with pytest.raises(Invalid):
        pagination.decode_number(cursor)


def test_text_that_no_database_keeps_is_refused():
    with pytest.raises(Invalid):
        pagination.decode(pagination.encode(["\0", 1]), str, int)
