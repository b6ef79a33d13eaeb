"""Blocks by pattern, codes, and what fits into a location."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from portal.core.errors import Invalid, Refused
from portal.warehousing.layout.drawing import filling
from portal.warehousing.sites import rules, starter
from portal.warehousing.sites.rules import EMPTY, Load, blocks, check_fits, fits, load_of
from portal.warehousing.sites.rules.blocks import Block, bins, kind_of, parse, rectangle

#: Pattern → codes in walking order.
WALKS = {
    "S-{01-03}": ["S-01", "S-02", "S-03"],
    "A{1-2}-{1-3}": ["A1-1", "A1-2", "A1-3", "A2-3", "A2-2", "A2-1"],
    "B{07-08}-{1-2}-{1-2}": [
        "B07-1-1", "B07-1-2", "B07-2-1", "B07-2-2",
        "B08-2-1", "B08-2-2", "B08-1-1", "B08-1-2",
    ],
    "{A-B}-{9-10}": ["A-9", "A-10", "B-10", "B-9"],
    "b{1-2}": ["B1", "B2"],
}  # fmt: skip


@pytest.mark.parametrize("pattern", WALKS)
def test_a_block_is_walked_up_one_aisle_and_down_the_next(pattern):
    assert [each.code for each in bins(Block(pattern=pattern))] == WALKS[pattern]


def test_the_pattern_of_the_brief_makes_its_720_locations():
    ranges = parse("B{07-12}-{01-24}-{1-5}")
    assert ranges.count == 6 * 24 * 5
    found = list(bins(Block(pattern="B{07-12}-{01-24}-{1-5}")))
    assert len({each.code for each in found}) == 720
    assert {each.level for each in found} == {1, 2, 3, 4, 5}


@pytest.mark.parametrize(
    "pattern",
    ["", "B07", "B{07}", "B{12-07}", "B{A-9}", "{1-2}-{1-2}-{1-2}-{1-2}", "B{0001-9999}-{1-9}",
     "仓{1-2}", "B{1-2", "B 1{1-2}", "ABCDEFGHIJKLMNOPQRS{01-99}"],
)  # fmt: skip
def test_what_is_no_pattern_is_refused_with_a_sentence(pattern):
    with pytest.raises(Invalid) as refusal:
        parse(pattern)
    assert refusal.value.errors[0].field == "pattern"


def test_low_levels_are_picked_from_and_high_ones_hold_reserve():
    block = Block(pattern="A{1-1}-{1-1}-{1-4}", low_levels=2)
    kinds = {each.level: kind_of(block, each) for each in bins(block)}
    assert kinds == {1: "pick", 2: "pick", 3: "reserve", 4: "reserve"}


def test_levels_of_a_bay_share_a_rectangle_and_bays_stand_side_by_side():
    block = Block(pattern="A{1-2}-{1-2}-{1-2}", x_dm=10, y_dm=20, bay_dm=30, depth_dm=11, gap_dm=9)
    at = {each.code: rectangle(block, each) for each in bins(block)}
    assert at["A1-1-1"] == at["A1-1-2"] == (10, 20, 30, 11)
    assert at["A1-2-1"] == (40, 20, 30, 11)
    assert at["A2-1-1"] == (10, 40, 30, 11)
    down = Block(pattern="A{1-2}", along="y", x_dm=10, y_dm=20, bay_dm=30, depth_dm=11)
    assert [rectangle(down, each) for each in bins(down)] == [(10, 20, 11, 30), (10, 50, 11, 30)]


def place(**values):
    usual = {
        "code": "A1",
        "active": True,
        "blocked": None,
        "kind": "pick",
        "storage_class": "ambient",
        "single_sku": False,
        "single_lot": False,
        "most_weight_g": None,
        "most_volume_mm3": None,
    }
    return SimpleNamespace(**(usual | values))


def load(**values):
    usual = {"skus": frozenset({1}), "lots": frozenset({1}), "classes": frozenset({"ambient"})}
    return Load(**(usual | values))


#: What the location is, what is in it, what comes → whether it fits.
FITS = [
    ({}, EMPTY, load(), True),
    ({"active": False}, EMPTY, load(), False),
    ({"blocked": "bent"}, EMPTY, load(), False),
    ({"storage_class": "chilled"}, EMPTY, load(), False),
    ({"storage_class": "chilled", "kind": "stage"}, EMPTY, load(), True),
    ({"most_weight_g": 1000}, EMPTY, load(weight_g=1000), True),
    ({"most_weight_g": 1000}, load(weight_g=1), load(weight_g=1000), False),
    ({"most_volume_mm3": 10}, load(volume_mm3=4), load(volume_mm3=6), True),
    ({"most_volume_mm3": 10}, load(volume_mm3=5), load(volume_mm3=6), False),
    ({"single_sku": True}, load(), load(lots=frozenset({2})), True),
    ({"single_sku": True}, load(), load(skus=frozenset({2})), False),
    ({"single_lot": True}, load(), load(lots=frozenset({2})), False),
]


@pytest.mark.parametrize(("where", "used", "adding", "good"), FITS)
def test_what_fits_into_a_location(app, where, used, adding, good):
    refusal = fits(place(**where), used, adding)
    assert (refusal is None) is good
    if not good:
        assert "A1" in str(refusal)
        with pytest.raises(Refused):
            check_fits(place(**where), used, adding)


def test_a_full_location_says_how_much_it_still_takes(app):
    refusal = fits(place(most_weight_g=10_000), load(weight_g=7_500), load(weight_g=3_000))
    assert str(refusal) == "Location A1 is full: it bears 2.5 kg more."


def test_goods_that_were_never_weighed_count_nothing():
    sku = {"weight_g": None, "length_mm": 1, "width_mm": None, "height_mm": 3}
    found = load_of(SimpleNamespace(**sku, storage_class="ambient"), Decimal(5), 1, None)
    assert (found.weight_g, found.volume_mm3, found.lots) == (0, 0, frozenset())


def test_parts_of_a_gram_count_as_whole_ones():
    sku = {"weight_g": 3, "length_mm": 1, "width_mm": 1, "height_mm": 3}
    found = load_of(SimpleNamespace(**sku, storage_class="ambient"), Decimal("0.5"), 1, 2)
    assert (found.weight_g, found.volume_mm3) == (2, 2)


@pytest.mark.parametrize("code", ["A", "B07-14-3", "A.1", "L-1"])
def test_codes_are_capital_letters_digits_dots_and_dashes(code):
    assert rules.is_code(code)
    assert rules.as_code(f" {code.lower()} ") == code


@pytest.mark.parametrize("code", ["", "-A", "A-", "a", "A_1", "货", "A 1", "A" * 21])
def test_what_is_no_code(code):
    assert not rules.is_code(code)


@pytest.mark.parametrize(
    ("count", "used", "blocked", "step"),
    [(0, 0, 0, "0"), (4, 0, 0, "0"), (4, 2, 0, "1"), (4, 3, 1, "2"), (4, 4, 0, "3"), (4, 4, 4, "blocked")],
)  # fmt: skip
def test_the_colour_of_a_bay_says_how_much_of_it_is_used(count, used, blocked, step):
    assert filling(count, used, blocked) == step


@pytest.mark.parametrize("name", sorted(starter.LAYOUTS))
def test_racks_of_the_starter_stand_in_their_zones_and_not_in_each_other(name):
    taken = []
    for part in starter.LAYOUTS[name]:
        x, y, width, depth = part.box
        boxes = {rectangle(block, each) for block in part.blocks for each in bins(block)}
        boxes |= {gate.box for gate in part.gates}
        for box in boxes:
            assert (x, y) == (min(x, box[0]), min(y, box[1])), (part.code, box)
            assert box[0] + box[2] <= x + width, (part.code, box)
            assert box[1] + box[3] <= y + depth, (part.code, box)
        taken += boxes
    for at, one in enumerate(taken):
        assert not [other for other in taken[at + 1 :] if _overlap(one, other)]


def _overlap(one, other):
    return (
        one[0] < other[0] + other[2]
        and other[0] < one[0] + one[2]
        and one[1] < other[1] + other[3]
        and other[1] < one[1] + one[3]
    )


def test_the_starter_has_every_kind_of_location():
    kinds = {
        kind_of(block, each)
        for part in starter.MAIN
        for block in part.blocks
        for each in bins(block)
    }
    assert kinds | {"dock"} == set(rules.KINDS)
    assert starter.count(starter.MAIN) > 550
    assert blocks.MOST == 20_000
