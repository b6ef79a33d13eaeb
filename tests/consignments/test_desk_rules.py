"""What is typed at the desk: times and numbers."""

import contextlib
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.consignments.rules import moments, numbers, pasted
from portal.consignments.rules.moves import MOVES
from portal.consignments.rules.queues import KEYS, PUSHABLE, QUEUE_OF, QUEUES
from portal.consignments.rules.vocabulary import Status

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 21, 15, 42, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", "2026-11-21T15:42"),
        ("15:42", "2026-11-21T15:42"),
        ("9:05", "2026-11-21T09:05"),
        ("15\uff1a40", "2026-11-21T15:40"),
        ("23:50", "2026-11-20T23:50"),
        ("11-20 08:15", "2026-11-20T08:15"),
        ("12-31 08:15", "2025-12-31T08:15"),
        ("2026-11-20 08:15", "2026-11-20T08:15"),
        ("2026-11-20T08:15", "2026-11-20T08:15"),
        ("2026/11/20 08:15", "2026-11-20T08:15"),
        ("2026-11-20", "2026-11-20T23:59"),
        ("11-21", "2026-11-21T15:42"),
        ("2026-11-20T08:15:00Z", "2026-11-20T16:15"),
    ],
)
def test_a_time_is_read_as_people_write_it(text, meant):
    assert moments.read(text, NOW, SHANGHAI).astimezone(SHANGHAI).isoformat()[:16] == meant


@pytest.mark.parametrize("text", ["25:00", "now", "2026-02-30", "11-20 x", "1 2 3", "9" * 50])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011
        moments.read(text, NOW, SHANGHAI)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_times(text):
    with contextlib.suppress(ValueError, OverflowError):
        assert moments.read(text, NOW, SHANGHAI).tzinfo is not None


@given(st.text(max_size=300))
def test_no_text_breaks_the_reading_of_numbers(text):
    for found in pasted.read(text):
        assert found.kind in {"no", "sscc", "unread"}
        assert found.text


@given(st.lists(st.builds(numbers.new_number), max_size=20, unique=True))
def test_every_number_is_found_however_the_lines_look(nos):
    lines = [f"{n}; {no.lower()} ,杭州" for n, no in enumerate(nos)]
    assert [f.text for f in pasted.read("\r\n".join(lines)) if f.kind == "no"] == nos


def test_each_status_under_way_has_one_queue():
    assert len(QUEUE_OF) == sum(len(queue.statuses) for queue in QUEUES)
    outside = {s for s in Status if s not in QUEUE_OF}
    settled = {"draft", "found", "delivered", "closed", "cancelled", "returned"}
    assert outside == settled


def test_every_status_that_can_be_reached_lies_under_one_key():
    reachable = {str(to) for then in MOVES.values() for to in then}
    assert reachable <= set(PUSHABLE)
    assert len(set(KEYS.values())) == len(KEYS)
