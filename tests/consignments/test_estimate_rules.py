"""When a delivery is expected: buckets, quantiles, the fall-back, and the model of rounds."""

from collections import Counter
from datetime import UTC, datetime
from random import Random
from zoneinfo import ZoneInfo

import pytest

from portal.consignments.rules import estimates
from portal.consignments.rules.durations import (
    DAY,
    ENOUGH,
    HOUR,
    Histogram,
    History,
    Kind,
    Stage,
    anchor,
    bucket,
    ends,
)
from portal.consignments.rules.estimates import Basis, Known, Way
from portal.consignments.rules.vocabulary import Status

SHANGHAI = ZoneInfo("Asia/Shanghai")
LANE = Kind("CN/上海>CN/杭州", "standard", "")
MORNING = datetime(2026, 11, 18, 9, 0, tzinfo=SHANGHAI).timestamp()


def known(status, **values):
    usual = dict.fromkeys(Known._fields) | {"status": status, "as_of": MORNING, "ordered": MORNING}
    return Known(**(usual | values))


def way(kind=LANE, *, country="CN", km=None):
    return Way(kind, country, lambda: km)


def taught(stage, hours, kind=LANE, count=1):
    history = History()
    for each in hours:
        history.add(kind, stage, bucket(each * HOUR), count)
    return history


def local(seconds):
    return datetime.fromtimestamp(seconds, SHANGHAI).strftime("%d %H:%M")


def test_each_bucket_holds_what_lies_between_its_ends():
    for number in range(-408, 409):
        low, high = ends(number)
        assert bucket(low) == bucket((low + high) / 2) == number
        assert bucket(high) == number + 1 or number == 408


@pytest.mark.parametrize(
    ("hours", "elapsed", "expected"),
    [
        ([10] * 49, 0, None),  # too few to say anything
        ([10] * 50, 0, (10, 10.25, 10.5)),
        ([2] * 25 + [10] * 25, 0, (2, 2.5, 10.5)),
        ([2] * 25 + [10] * 25, 3, (10, 10.25, 10.5)),  # those that came earlier are gone
        ([2] * 49 + [10], 3, None),  # only one took longer
        ([2] * 50, 2.25, (2.25, 2.375, 2.5)),
    ],
)
def test_what_is_expected_are_quantiles_of_what_took_longer(hours, elapsed, expected):
    spread = Histogram(Counter(bucket(each * HOUR) for each in hours)).spread(elapsed * HOUR)
    found = None if spread is None else tuple(each / HOUR for each in spread[:3])
    assert found == (None if expected is None else pytest.approx(expected))


def test_the_range_holds_four_of_five_that_come_later():
    rng = Random(5)
    took = [rng.gauss(50, 9) * HOUR for _ in range(2000)]
    spread = Histogram(Counter(map(bucket, took[:1000]))).spread(0)
    held = sum(spread.early <= each <= spread.late for each in took[1000:])
    assert 0.78 < held / 1000 < 0.9


def test_a_thin_lane_falls_back_to_its_countries_then_to_its_service_then_to_distance():
    other_city = Kind("CN/上海>CN/宁波", "standard", "")
    other_country = Kind("CN/上海>DE/Hamburg", "standard", "")
    found = []
    for kind in (LANE, other_city, other_country, Kind("CN/上海>CN/杭州", "cold", "")):
        history = taught(Stage.ORDERED, [30] * ENOUGH, kind)
        made = estimates.estimate(way(km=160), known(Status.ORDERED), history, SHANGHAI)
        found.append(Basis.read(made.basis))
    assert found == [
        ("lane", ENOUGH),
        ("country", ENOUGH),
        ("service", ENOUGH),
        ("distance", 160),
    ]


def test_where_nothing_is_known_the_plan_stands():
    assert estimates.estimate(way(), known(Status.ORDERED), History(), SHANGHAI) is None


@pytest.mark.parametrize(
    "status",
    "draft lost refused at_pickup_point returning returned cancelled delivered closed".split(),
)
def test_nothing_is_expected_of_what_does_not_come(status):
    history = taught(Stage.ORDERED, [30] * ENOUGH)
    assert estimates.estimate(way(km=100), known(status), history, SHANGHAI) is None


def test_the_narrower_of_order_and_plan_is_believed():
    history = taught(Stage.ORDERED, range(10, 70))
    for hours in range(-3, 1):
        history.add(LANE, Stage.PLAN, bucket(hours * HOUR), 20)
    planned = MORNING + 2 * DAY
    made = estimates.estimate(way(), known(Status.ORDERED, planned=planned), history, SHANGHAI)
    assert planned - 3.5 * HOUR <= made.early <= made.at <= made.late <= planned + HOUR


def test_ordered_in_the_morning_or_in_the_evening_comes_with_the_same_round():
    history = taught(Stage.ORDERED, [38] * ENOUGH)
    found = [
        estimates.estimate(way(), known(Status.ORDERED, ordered=at, as_of=at), history, SHANGHAI).at
        for at in (MORNING, MORNING + 10 * HOUR)
    ]
    assert found[0] == found[1]


def test_the_day_is_that_of_the_centre():
    late_in_utc = datetime(2026, 11, 18, 17, 0, tzinfo=UTC).timestamp()  # the 19th in Shanghai
    assert local(anchor(Stage.ORDERED, late_in_utc, SHANGHAI)) == "19 00:00"
    at_half_past = ZoneInfo("Asia/Kolkata")
    day = datetime.fromtimestamp(anchor(Stage.ORDERED, late_in_utc, at_half_past), at_half_past)
    assert (day.day, day.hour, day.minute) == (18, 0, 0)


def test_a_day_on_which_the_clocks_change_begins_at_its_midnight():
    berlin = ZoneInfo("Europe/Berlin")
    evening = datetime(2026, 3, 29, 20, 0, tzinfo=berlin).timestamp()
    began = datetime.fromtimestamp(anchor(Stage.PICKED_UP, evening, berlin), berlin)
    assert (began.day, began.hour) == (29, 0)


@pytest.mark.parametrize(
    ("status", "values", "km", "expected"),
    [
        (Status.ORDERED, {}, 20, ("18 09:00", "19 14:00", "20 18:00")),
        (Status.ORDERED, {}, 600, ("19 09:00", "19 14:00", "20 18:00")),
        (
            Status.PICKED_UP,
            {"picked_up": MORNING + DAY},
            1700,
            ("21 09:00", "21 14:00", "22 18:00"),
        ),
        (Status.DEST_CITY, {"arrived": MORNING}, 600, ("18 09:00", "18 14:00", "18 18:00")),
        (Status.OUT_FOR_DELIVERY, {"out": MORNING}, 600, ("18 09:00", "18 14:00", "18 18:00")),
        (Status.DELIVERY_FAILED, {}, 600, ("19 09:00", "19 14:00", "19 18:00")),
    ],
)
def test_without_a_history_distance_and_rounds_answer(status, values, km, expected):
    made = estimates.estimate(way(km=km), known(status, **values), History(), SHANGHAI)
    assert tuple(map(local, made[:3])) == expected
    assert made.basis == f"distance:{km}"


def test_what_is_still_out_in_the_evening_is_expected_this_evening_or_tomorrow():
    found = []
    for hours in (10, 14):  # 19:00 and 23:00
        late = known(Status.OUT_FOR_DELIVERY, out=MORNING, as_of=MORNING + hours * HOUR)
        made = estimates.estimate(way(km=50), late, History(), SHANGHAI)
        found.append((local(made.early), local(made.late)))
    assert found == [("18 19:00", "18 22:00"), ("19 09:00", "19 18:00")]


@pytest.mark.parametrize("service", ["express", "cold", "standard"])
@pytest.mark.parametrize("mode", ["", "Ocean"])
def test_farther_and_abroad_never_comes_earlier(service, mode):
    kind = Kind("CN/上海>/", service, mode)
    found = [
        estimates.estimate(way(kind, country=c, km=km), known(Status.ORDERED), History(), SHANGHAI)
        for c in ("CN", "DE")
        for km in (10, 100, 900, 3000, 9000)
    ]
    assert all(made.early <= made.at <= made.late for made in found)
    assert [made.late for made in found[:5]] == sorted(made.late for made in found[:5])
    assert all(a.at < b.at for a, b in zip(found[:5], found[5:], strict=True))


def test_pickup_is_expected_from_earlier_ones():
    made = estimates.pickup(way(), MORNING, MORNING, taught(Stage.PICKUP, [1.2] * ENOUGH))
    assert (local(made.early), local(made.late)) == ("18 10:00", "18 10:30")


def test_counts_may_be_taken_out_again():
    history = taught(Stage.ORDERED, [30] * ENOUGH)
    history.add(LANE, Stage.ORDERED, bucket(30 * HOUR), -1)
    assert estimates.estimate(way(), known(Status.ORDERED), history, SHANGHAI) is None


@pytest.mark.parametrize(
    ("opens", "closes", "expected"),
    [
        (None, None, (10, 20, 30)),
        (5, 40, (10, 20, 30)),
        (15, 40, (15, 20, 30)),
        (25, 40, (25, 32.5, 40)),
        (50, 60, (50, 55, 60)),
        (50, None, (50, 50, 50)),
    ],
)
def test_nothing_is_expected_before_the_window_opens(opens, closes, expected):
    found = estimates.Estimate(10, 20, 30, "lane:60")
    assert estimates.in_window(found, opens, closes)[:3] == expected
