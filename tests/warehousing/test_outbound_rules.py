"""Rules of orders from stock: which goods, by when, in which wave, what may follow what."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.errors import Refused
from portal.core.working import Hours
from portal.warehousing.outbound.rules import orders as rules
from portal.warehousing.outbound.rules import party, promise, waves
from portal.warehousing.outbound.rules.choosing import Candidate, Wish, choose, is_fit, rank
from portal.warehousing.outbound.rules.waves import Ready, propose

TODAY = date(2026, 11, 23)  # a Monday
ZONE = ZoneInfo("Asia/Shanghai")
DAY = (time(8, 30), time(18)), (time(9), time(12))
HOURS = Hours({**dict.fromkeys(range(5), (DAY[0],)), 5: (DAY[1],)}, ZONE)
quantities = st.integers(1, 50).map(Decimal)
days = st.integers(-5, 40)


@st.composite
def stocks(draw):
    """Return candidates of three SKUs in a few lots and places."""
    count = draw(st.integers(0, 12))
    return [
        Candidate(
            balance_id=n,
            sku_id=draw(st.integers(1, 3)),
            lot_id=draw(st.integers(1, 4)),
            location_id=draw(st.integers(1, 6)),
            free=draw(quantities),
            since=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=draw(st.integers(0, 90))),
            expires_on=draw(st.none() | days.map(lambda n: TODAY + timedelta(days=n))),
            kind=draw(st.sampled_from(["pick", "reserve", "receive"])),
            walk=draw(st.integers(0, 9)),
            least_days=draw(st.sampled_from([0, 10])),
        )
        for n in range(count)
    ]


@st.composite
def wishes_of(draw):
    """Return lines that want some of three SKUs, some of them a lot by its name."""
    return [
        Wish(
            line_id=n,
            sku_id=draw(st.integers(1, 3)),
            quantity=draw(quantities),
            lot_id=draw(st.none() | st.integers(1, 4)),
        )
        for n in range(draw(st.integers(1, 6)))
    ]


@given(wishes_of(), stocks())
def test_nothing_is_promised_twice_and_nothing_is_lost(wishes, stock):
    choice = choose(wishes, stock, TODAY)

    taken = {each.balance_id: Decimal(0) for each in stock}
    got = {wish.line_id: Decimal(0) for wish in wishes}
    for take in choice.takes:
        taken[take.balance_id] += take.quantity
        got[take.line_id] += take.quantity
        assert take.quantity > 0
    assert all(taken[each.balance_id] <= each.free for each in stock)
    for wish in wishes:
        assert got[wish.line_id] + choice.missing.get(wish.line_id, 0) == wish.quantity


@given(wishes_of(), stocks())
def test_lines_get_their_goods_in_their_lot_and_nothing_too_old(wishes, stock):
    by_id = {each.balance_id: each for each in stock}
    wanted = {wish.line_id: wish for wish in wishes}

    for take in choose(wishes, stock, TODAY).takes:
        candidate, wish = by_id[take.balance_id], wanted[take.line_id]
        assert candidate.sku_id == wish.sku_id
        assert wish.lot_id in (None, candidate.lot_id)
        assert is_fit(candidate.expires_on, candidate.least_days, TODAY)


@given(wishes_of(), stocks())
def test_what_is_left_goes_after_what_was_taken(wishes, stock):
    """Who named no lot never leaves behind what should have gone before what he got."""
    choice = choose(wishes, stock, TODAY)
    by_id = {each.balance_id: each for each in stock}
    left = {each.balance_id: each.free for each in stock}
    for take in choice.takes:
        left[take.balance_id] -= take.quantity
    open_lines = {wish.line_id for wish in wishes if wish.lot_id is None}
    for take in choice.takes:
        taken = by_id[take.balance_id]
        if take.line_id in open_lines:
            assert not any(
                left[each.balance_id] > 0 and rank(each) < rank(taken)
                for each in stock
                if each.sku_id == taken.sku_id and is_fit(each.expires_on, each.least_days, TODAY)
            )


@given(wishes_of(), stocks())
def test_something_is_missing_only_where_nothing_fitting_is_left(wishes, stock):
    choice = choose(wishes, stock, TODAY)
    left = {each.balance_id: each.free for each in stock}
    for take in choice.takes:
        left[take.balance_id] -= take.quantity

    for wish in wishes:
        if wish.line_id in choice.missing:
            fitting = [
                each
                for each in stock
                if each.sku_id == wish.sku_id
                and wish.lot_id in (None, each.lot_id)
                and is_fit(each.expires_on, each.least_days, TODAY)
            ]
            assert all(left[each.balance_id] == 0 for each in fitting)


@given(wishes_of(), stocks())
def test_balances_are_taken_in_the_order_of_locks(wishes, stock):
    places = [take.place for take in choose(wishes, stock, TODAY).takes]

    assert places == sorted(places)


@given(wishes_of(), stocks(), st.randoms())
def test_the_order_of_reading_does_not_matter(wishes, stock, random):
    mixed = list(stock)
    random.shuffle(mixed)

    assert choose(wishes, mixed, TODAY) == choose(wishes, stock, TODAY)


def _at(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "wished", "leaves"),
    [
        (_at(23, 10), None, _at(23, 18)),
        (_at(23, 14, 59), None, _at(23, 18)),
        (_at(23, 15), None, _at(24, 18)),
        (_at(27, 16), None, _at(28, 12)),
        (_at(28, 11), None, _at(28, 12)),
        (_at(28, 12), None, _at(30, 18)),
        (_at(29, 10), None, _at(30, 18)),
        (_at(23, 10), date(2026, 11, 29), _at(30, 18)),
        (_at(23, 10), date(2026, 11, 20), _at(23, 18)),
    ],
    ids=["morning", "just before", "cut-off", "friday late", "saturday", "saturday noon",
         "sunday", "wished on a sunday", "wished in the past"],
)  # fmt: skip
def test_orders_leave_by_the_cut_off_on_working_days(at, wished, leaves):
    assert promise.ship_by(at, time(15), HOURS, wished) == leaves


def test_a_holiday_is_no_day_to_leave():
    hours = Hours(HOURS.weekly, ZONE, {date(2026, 11, 24): None})

    assert promise.ship_by(_at(23, 16), time(15), hours) == _at(25, 18)


def test_every_status_is_known_and_ends_are_ends():
    assert set(rules.NEXT) == set(rules.STATUSES)
    assert all(to in rules.STATUSES for found in rules.NEXT.values() for to in found)
    assert not rules.NEXT[rules.CLOSED]
    assert not rules.NEXT[rules.CANCELLED]


@pytest.mark.parametrize("status", rules.STATUSES)
def test_the_way_is_gone_step_by_step(status):
    for wanted in rules.STATUSES:
        if wanted in rules.NEXT[status]:
            assert rules.advance(status, wanted) == wanted
        else:
            with pytest.raises(Refused):
                rules.advance(status, wanted)


def test_orders_are_held_before_picking_only():
    for status in rules.STATUSES:
        if status in rules.BEFORE_PICKING:
            assert rules.hold(status, "owner") == "on_hold"
        else:
            with pytest.raises(Refused):
                rules.hold(status, "owner")
    with pytest.raises(Refused):
        rules.hold("accepted", "because")


def _ready(number, **values):
    usual = {"service": "standard", "ship_by": _at(23, 18), "zone": "A"}
    return Ready(id=number, ref=f"OUT{number}", **(usual | values))


def test_waves_are_proposed_by_cut_off_service_and_zone():
    found = propose(
        [
            _ready(1),
            _ready(2),
            _ready(3, service="express"),
            _ready(4, ship_by=_at(24, 18)),
            _ready(5, zone="B"),
            _ready(6, zone=None),
        ]
    )

    assert [[order.id for order in each.orders] for each in found] == [[3], [1, 2], [5], [6], [4]]


def test_what_is_urgent_goes_first_and_long_waves_are_parted():
    found = propose([_ready(n) for n in range(5)] + [_ready(9, priority=1, zone="B")], most=2)

    assert [order.id for order in found[0].orders] == [9]
    assert [len(each.orders) for each in found] == [1, 2, 2, 1]


def test_a_wave_that_has_ended_stays_so():
    with pytest.raises(Refused):
        waves.advance(waves.DONE, waves.RELEASED)


@pytest.mark.parametrize(
    ("given_", "field"),
    [({"phone": "12"}, "consignee.phone"), ({"country": "ZZ", "phone": "+8613800138000"}, "consignee.country"),
     ({"name": "  "}, "consignee.name"), ({"city": "x" * 61}, "consignee.city"),
     ({"address": "a\x00b"}, "consignee.address")],
)  # fmt: skip
def test_a_party_is_told_what_is_wrong(given_, field):
    usual = {"name": "王芳", "phone": "13800138000", "address": "文三路 90 号", "city": "杭州"}

    _, errors = party.read(usual | {"country": "CN"} | given_)

    assert [error.field for error in errors] == [field]
