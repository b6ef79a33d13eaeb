"""Decisions about consignments, by table."""

from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from stdnum.ean import calc_check_digit

from portal.consignments.rules import moves, numbers, promise, vocabulary
from portal.consignments.rules.moves import AMENDABLE, CANCELLABLE, MOVES, MOVING, Step
from portal.consignments.rules.vocabulary import (
    BESIDE,
    RANK,
    REASON_TEXT,
    VOCABULARY,
    BigStep,
    Status,
)
from portal.core import gs1
from portal.core.errors import Refused

AT = datetime(2026, 11, 20, 8, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
#: The moves as the domain's description has them; anything else is refused.
LEGAL = """
draft              ordered cancelled
ordered            pickup_assigned picked_up cancelled
pickup_assigned    picked_up pickup_failed cancelled
pickup_failed      pickup_assigned cancelled
picked_up          hub_arrived hub_departed in_transit dest_city redirected returning lost
hub_arrived        hub_departed in_transit dest_city redirected returning lost
hub_departed       hub_arrived in_transit dest_city redirected returning lost
in_transit         hub_arrived hub_departed in_transit dest_city redirected returning lost
redirected         in_transit returning lost
dest_city          out_for_delivery redirected returning lost
out_for_delivery   delivered delivery_failed refused returning lost
delivery_failed    out_for_delivery at_pickup_point returning lost
refused            out_for_delivery returning lost
at_pickup_point    delivered returning lost
returning          returned lost
returned           closed
lost               found
found
delivered          closed
cancelled
closed
"""
TABLE = {line.split()[0]: set(line.split()[1:]) for line in LEGAL.strip().splitlines()}


@pytest.mark.parametrize(("current", "wanted"), list(product(Status, Status)), ids=str)
def test_every_move_is_legal_or_refused_as_the_table_says(current, wanted):
    assert moves.may_move(current, wanted) == (wanted in TABLE[current])
    if wanted in TABLE[current]:
        moves.check_move(current, wanted, attempts=0, limit=3)
    else:
        with pytest.raises(Refused):
            moves.check_move(current, wanted, attempts=0, limit=3)


def test_from_every_moving_state_goods_can_get_lost_or_go_back():
    assert all({Status.LOST, Status.RETURNING} <= set(MOVES[state]) for state in MOVING)


def test_only_what_was_not_picked_up_is_cancelled_or_amended():
    assert (
        set(CANCELLABLE)
        == set(AMENDABLE)
        == {"draft", "ordered", "pickup_assigned", "pickup_failed"}
    )


def test_delivery_is_tried_as_often_as_agreed():
    moves.check_move("delivery_failed", "out_for_delivery", attempts=2, limit=3)
    with pytest.raises(Refused):
        moves.check_move("delivery_failed", "out_for_delivery", attempts=3, limit=3)
    moves.check_move("delivery_failed", "at_pickup_point", attempts=3, limit=3)


def steps(*codes):
    return [Step.of(AT + timedelta(minutes=i), i, code) for i, code in enumerate(codes)]


FOLDS = [
    ((), None),
    (("ordered",), "ordered"),
    (
        ("ordered", "picked_up", "in_transit", "dest_city", "out_for_delivery", "delivered"),
        "delivered",
    ),
    (("ordered", "picked_up", "in_transit", "lost", "found"), "in_transit"),
    (("ordered", "picked_up", "lost", "found", "in_transit"), "in_transit"),
    (("ordered", "picked_up", "found"), "picked_up"),
    (("found", "ordered", "picked_up"), "picked_up"),
    (("ordered", "delivered", "picked_up"), "picked_up"),
    (
        ("ordered", "picked_up", "dest_city", "out_for_delivery", "delivered", "hub_arrived"),
        "delivered",
    ),
    (
        ("ordered", "picked_up", "dest_city", "hub_arrived", "dest_city", "out_for_delivery"),
        "out_for_delivery",
    ),
    (
        (
            "ordered",
            "picked_up",
            "dest_city",
            "out_for_delivery",
            "delivery_failed",
            "out_for_delivery",
            "delivered",
        ),
        "delivered",
    ),
    (("ordered", "cancelled", "picked_up"), "cancelled"),
    (("delivered",), "delivered"),
    (("delivered", "closed"), "closed"),
    (("ordered", "picked_up", "returning", "returned", "closed"), "closed"),
]


@pytest.mark.parametrize(("codes", "state"), FOLDS)
def test_state_is_the_fold_of_the_events(codes, state):
    assert moves.fold(steps(*codes)) == state


def test_at_the_same_moment_the_earlier_code_comes_first():
    arrived, left = Step.of(AT, 9, "hub_arrived"), Step.of(AT, 1, "hub_departed")
    assert moves.fold([*steps("ordered", "picked_up")[:0], left, arrived]) == "hub_departed"


CLAIMS = [
    (("ordered", "picked_up", "dest_city"), 1.5, "in_transit", True),  # completes the history
    (
        ("ordered", "picked_up", "dest_city"),
        1.5,
        "out_for_delivery",
        True,
    ),  # overruled: changes nothing
    (("ordered",), -1, "picked_up", True),  # picked up before the order was written down
    (("ordered",), -1, "delivered", False),
    (("ordered", "picked_up"), 0.5, "delivered", True),  # fits nowhere: changes nothing
    (("ordered", "picked_up", "in_transit"), 9, "delivered", False),
    (("ordered", "picked_up", "in_transit"), 9, "dest_city", True),
    (
        ("ordered", "picked_up", "dest_city", "out_for_delivery", "delivered"),
        9,
        "hub_arrived",
        False,
    ),
]


@pytest.mark.parametrize(("known", "at", "code", "accepted"), CLAIMS)
def test_a_claim_is_held_against_what_was_known_then(known, at, code, accepted):
    claim = Step.of(AT + timedelta(minutes=at), 99, code)
    if accepted:
        moves.check_claim(steps(*known), claim, limit=3)
    else:
        with pytest.raises(Refused):
            moves.check_claim(steps(*known), claim, limit=3)


def test_a_consignment_is_where_its_least_advanced_piece_is():
    states = [Status.DELIVERED, Status.IN_TRANSIT, Status.OUT_FOR_DELIVERY]
    assert moves.least_advanced(states) == "in_transit"


def test_numbers_are_random_and_carry_their_check():
    made = {numbers.new_number() for _ in range(500)}
    assert len(made) == 500
    assert all(numbers.is_number(no) and len(no) == 14 and no.startswith("QS") for no in made)


def test_every_wrong_character_of_a_number_is_found():
    no = numbers.new_number()
    for place, letter in product(range(2, len(no)), numbers.ALPHABET):
        if no[place] != letter:
            assert not numbers.is_number(no[:place] + letter + no[place + 1 :])


def test_nearly_every_swap_of_neighbours_is_found():
    missed = swaps = 0
    for _ in range(200):
        no = numbers.new_number()
        for i in range(2, len(no) - 1):
            if no[i] != no[i + 1]:
                swaps += 1
                missed += numbers.is_number(no[:i] + no[i + 1] + no[i] + no[i + 2 :])
    assert missed / swaps < 0.01


def test_a_number_is_read_as_people_write_it():
    no = "QS" + "0123456789A"
    no += numbers.check_character(no[2:])
    for written in (
        no.lower(),
        f" {no} ",
        f"{no[:2]} {no[2:6]} {no[6:]}",
        f"{no[:7]}-{no[7:]}",
        no.replace("0", "o"),
        no.replace("1", "l"),
        no.replace("1", "I"),
    ):
        assert numbers.normalise(written) == no


@pytest.mark.parametrize(
    "text",
    [
        "",
        "QS",
        "QS1",
        "XX00000000000A",
        "QS0000000000000000",
        "QSUUUUUUUUUUUU",
        "QS٣٣٣٣٣٣٣٣٣٣٣٣",
        "QS\0",
    ],
)
def test_what_is_no_number_is_not_taken_for_one(text):
    assert not numbers.is_number(numbers.normalise(text))


def test_an_sscc_has_the_check_digit_of_gs1():
    # Source: GS1 General Specifications, check digit calculation of 37610425002123456 → 9
    assert gs1.sscc("7610425", 2_123_456)[1:-1].startswith("7610425")
    assert gs1.sscc("7610425", 2_123_456) == "376104250021234569"


def test_the_check_digit_is_that_of_the_library_of_standards():
    for serial in (0, 1, 9, 10, 4711, *range(99_000, 99_100)):
        made = gs1.sscc("6901234", serial)
        assert made[-1] == calc_check_digit(made[:-1])


def test_serials_of_a_prefix_end():
    assert len(gs1.sscc("6901234", 10**9 - 1)) == 18
    with pytest.raises(ValueError, match="used up"):
        gs1.sscc("6901234", 10**9)


PROMISES = [
    ("express", "2026-11-20T08:00:00+08:00", False, None, "2026-11-21T18:00:00+08:00"),
    ("cold", "2026-11-20T08:00:00+08:00", False, None, "2026-11-22T18:00:00+08:00"),
    ("standard", "2026-11-20T08:00:00+08:00", False, None, "2026-11-23T18:00:00+08:00"),
    (
        "standard",
        "2026-11-19T17:00:00+00:00",
        False,
        None,
        "2026-11-23T18:00:00+08:00",
    ),  # the centre's day
    ("standard", "2026-11-20T08:00:00+08:00", True, None, "2026-12-03T18:00:00+08:00"),
    (
        "express",
        "2026-11-20T08:00:00+08:00",
        True,
        "2026-12-24T12:00:00+08:00",
        "2026-12-24T12:00:00+08:00",
    ),
]


@pytest.mark.parametrize(("service", "ordered", "abroad", "until", "planned"), PROMISES)
def test_delivery_is_promised_by_service_or_window(service, ordered, abroad, until, planned):
    end = datetime.fromisoformat(until) if until else None
    made = promise.planned_delivery(
        service, datetime.fromisoformat(ordered), SHANGHAI, abroad=abroad, until=end
    )
    assert made == datetime.fromisoformat(planned)


def test_on_time_is_up_to_the_promised_moment():
    assert promise.is_on_time(AT, AT) is True
    assert promise.is_on_time(AT + timedelta(seconds=1), AT) is False
    assert promise.is_on_time(None, AT) is None
    assert promise.is_on_time(AT, None) is None
    assert promise.minutes_late(AT, AT + timedelta(minutes=90)) == 90


@pytest.mark.parametrize(
    ("weight_g", "volume_mm3", "chargeable_g"),
    [
        (12_500, 36_000_000, 12_500),
        (1_000, 36_000_000, 6_000),
        (None, 36_000_000, 6_000),
        (900, None, 900),
        (None, None, None),
        (1, 6_001, 2),
    ],
)
def test_the_larger_of_weight_and_volume_is_charged(weight_g, volume_mm3, chargeable_g):
    assert promise.chargeable_weight_g(weight_g, volume_mm3) == chargeable_g


def test_every_status_has_a_word_a_rank_and_a_big_step(app):
    assert set(VOCABULARY) == set(Status) == set(MOVES)
    assert set(RANK) == {*Status, *BESIDE}
    assert all(vocabulary.text(code) for code in RANK)
    assert all(vocabulary.big_step(status) in BigStep for status in Status)
    assert {s for step in BigStep for s in vocabulary.statuses_of(step)} == set(Status)
    assert len(REASON_TEXT) == sum(len(group) for group in vocabulary.REASONS.values())
