"""States, names, contacts and figures of messages, as tables."""

from datetime import timedelta

import pytest

from portal.core.errors import Refused
from portal.enquiries import rules
from portal.enquiries.rules import State

LEGAL = {
    ("pending", "published"),
    ("pending", "hidden"),
    ("pending", "spam"),
    ("published", "hidden"),
    ("published", "spam"),
    ("hidden", "published"),
    ("hidden", "pending"),
    ("hidden", "spam"),
    ("spam", "pending"),
}


@pytest.mark.parametrize("current", list(State))
@pytest.mark.parametrize("wanted", list(State))
def test_only_the_moves_of_the_table_are_legal(current, wanted):
    if (current, wanted) in LEGAL:
        assert rules.advance(current, wanted, is_private=False) is wanted
    else:
        with pytest.raises(Refused):
            rules.advance(current, wanted, is_private=False)


@pytest.mark.parametrize("current", ["pending", "hidden"])
def test_what_is_private_never_gets_onto_the_board(current):
    with pytest.raises(Refused):
        rules.advance(current, State.PUBLISHED, is_private=True)


def test_every_state_and_action_has_words():
    assert set(rules.STATE_TEXT) == set(State)
    assert rules.action_text("assigned", "林小雨").endswith("林小雨")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王小明", "王**"),
        ("Julia Meyer", "Julia M."),
        ("Ann", "Ann"),
        ("a@b.example", "…"),
        (" 李  雷 ", "李**"),
    ],
)
def test_strangers_read_a_shortened_name(name, shown):
    assert rules.public_name(name) == shown


@pytest.mark.parametrize(
    "text",
    [
        "write to ann.b+c@mail.example.com",
        "call 0571-5550 0199",
        "电话13800008000。",
        "(+49) 40 123 4567",
        "微信同号 138 0000 8000",
    ],
)
def test_addresses_and_numbers_are_found_and_taken_out(text):
    assert rules.has_contacts(text)
    assert not rules.has_contacts(rules.contact_free(text))


@pytest.mark.parametrize(
    "text",
    [
        "40 托盘，380 公斤",
        "on 2026-11-22 at 14:00",
        "205/55 R16",
        "1200 × 1000 mm",
        "QS4F7K2M9T0XB7",
        "1,100 every week",
    ],
)
def test_sizes_dates_and_references_are_no_contacts(text):
    assert not rules.has_contacts(text)
    assert rules.contact_free(text) == text


def test_the_centres_own_number_may_be_read():
    assert not rules.has_contacts("Call 0571 5550 0100", allowed=["0571 5550 0100"])


@pytest.mark.parametrize(
    ("minutes", "bucket"), [(0, 0), (1, 15), (15, 15), (16, 30), (10**6, 2400)]
)
def test_minutes_are_counted_in_quarters_of_an_hour(minutes, bucket):
    assert rules.bucket(minutes) == bucket


@pytest.mark.parametrize(
    ("counts", "median"),
    [({}, None), ({15: 1}, 15), ({15: 2, 60: 1}, 15), ({15: 1, 60: 2}, 60), ({15: 0, 30: 4}, 30)],
)
def test_the_median_is_that_of_the_middle_answer(counts, median):
    assert rules.median(counts) == median


def test_a_call_is_tried_three_times_at_most():
    later = object()
    assert rules.next_try("not_reached", 1, later) is later
    assert rules.next_try("not_reached", 2, later) is later
    assert rules.next_try("not_reached", 3, later) is None
    assert rules.next_try("reached", 1, later) is None
    with pytest.raises(Refused):
        rules.next_try("not_reached", 1, None)


@pytest.mark.parametrize(
    ("given", "number"),
    [
        ("138 0000 8000", "+8613800008000"),
        ("+49 40 123456", "+4940123456"),
        ("12", None),
        ("words", None),
        ("", None),
    ],
)
def test_numbers_are_kept_with_their_country(given, number):
    assert rules.phone(given) == number


def test_windows_have_a_shortest_length():
    assert timedelta(minutes=30) == rules.CALL_WINDOW
