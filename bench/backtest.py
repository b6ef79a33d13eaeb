"""How good estimates would have been on a real shipper's history: ``python bench/backtest.py``.

Walks through the history month by month. What is said in a month is said from what had been
delivered (and recorded) before that month began, by the very rules that the portal estimates by;
what came later is not known. Beside it stand two naive rules: the planned date, and the order
plus the mean duration so far. Days are whole: the data knows no hours.
"""

import argparse
import csv
import gzip
import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import fmean, median
from typing import NamedTuple
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from portal.consignments.rules import estimates, lanes  # noqa: E402
from portal.consignments.rules.durations import DAY, History, Kind  # noqa: E402
from portal.consignments.rules.estimates import Known, Way  # noqa: E402
from portal.consignments.rules.lessons import Lesson, Said  # noqa: E402
from portal.consignments.rules.vocabulary import Status  # noqa: E402

DATA = ROOT / "tests" / "data" / "scms_delivery_history.csv.gz"
UTC_DAYS = ZoneInfo("UTC")
BEFORE_PLAN = timedelta(days=60)  # said so long before the plan where the order is not known
_FORMS = ("%d-%b-%y", "%m/%d/%y")
_UNSAID = Said(None, None, None)


class Delivery(NamedTuple):
    """One consignment of the history; ``recorded`` is when its delivery became known."""

    no: str
    kind: Kind
    country: str
    ordered: date | None
    planned: date
    delivered: date
    recorded: date

    def asked_on(self) -> date:
        """Return the day on which its shipper would have asked when it comes."""
        return self.ordered or self.planned - BEFORE_PLAN


class Judged(NamedTuple):
    """An estimate beside what happened, in days; negative: it came earlier than said."""

    asked: date
    delivery: Delivery
    basis: str
    early: date
    at: date
    late: date
    mean: date | None  # what order plus mean duration would have said


def read(path: Path = DATA) -> list[Delivery]:
    """Return the consignments of the history; lines with the same number travelled together."""
    packed = path.read_bytes()
    plain = gzip.decompress(packed) if path.suffix == ".gz" else packed
    text = plain.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    lines: dict[str, list[dict[str, str]]] = {}
    for row in csv.DictReader(io.StringIO(text)):
        lines.setdefault(row["ASN/DN #"], []).append(row)
    return [found for no, rows in lines.items() if (found := _delivery(no, rows)) is not None]


def _delivery(no: str, rows: Sequence[dict[str, str]]) -> Delivery | None:
    planned = _latest(rows, "Scheduled Delivery Date")
    delivered = _latest(rows, "Delivered to Client Date")
    if planned is None or delivered is None:
        return None
    country, mode = rows[0]["Country"], rows[0]["Shipment Mode"]
    lane = lanes.lane_of(None, None, country.replace("/", " "), None)
    asked = _latest(rows, "PO Sent to Vendor Date") or _latest(rows, "PQ First Sent to Client Date")
    return Delivery(
        no,
        Kind(lane, "standard", "" if mode == "N/A" else mode),
        country,
        asked if asked and asked <= delivered else None,
        planned,
        delivered,
        max(_latest(rows, "Delivery Recorded Date") or delivered, delivered),
    )


def _latest(rows: Iterable[dict[str, str]], column: str) -> date | None:
    return max((day for row in rows if (day := _day(row[column]))), default=None)


def _day(text: str) -> date | None:
    for form in _FORMS:
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None


class Walker:
    """Knows, at a day, what had been recorded before it; nothing else."""

    def __init__(self, deliveries: Iterable[Delivery]) -> None:
        self.coming = sorted(deliveries, key=lambda each: each.recorded, reverse=True)
        self.history = History()
        self.durations: list[int] = []
        self.known_until = date.min

    def learn(self, until: date) -> None:
        """Learn from all that was recorded before ``until``."""
        self.known_until = max(self.known_until, until)
        while self.coming and self.coming[-1].recorded < until:
            self._take(self.coming.pop())

    def _take(self, each: Delivery) -> None:
        values = (each.ordered, each.planned, None, None, None, each.delivered)
        ordered, planned, *none, delivered = (None if v is None else _seconds(v) for v in values)
        lesson = Lesson(
            0, each.kind, True, ordered, planned, *none, delivered or 0, _UNSAID, _UNSAID
        )
        for *kind, stage, _month, bucket in lesson.durations(UTC_DAYS):
            self.history.add(Kind(*kind), stage, bucket)
        if each.ordered:
            self.durations.append((each.delivered - each.ordered).days)

    def say(self, each: Delivery) -> Judged | None:
        """Return what would have been said of a delivery on the day it is asked for."""
        asked = each.asked_on()
        ordered = None if each.ordered is None else _seconds(each.ordered)
        planned, now = _seconds(each.planned), _seconds(asked)
        known = Known(str(Status.ORDERED), now, planned, ordered, None, None, None)
        way = Way(each.kind, each.country, lambda: None)
        found = estimates.estimate(way, known, self.history, UTC_DAYS)
        if found is None:
            return None
        mean = round(fmean(self.durations)) if self.durations and each.ordered else None
        return Judged(
            asked,
            each,
            found.basis.partition(":")[0],
            _date(found.early),
            _date(found.at),
            _date(found.late - 1),
            None if mean is None else asked + timedelta(days=mean),
        )


def _seconds(day: date) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()


def _date(seconds: float) -> date:
    return datetime.fromtimestamp(seconds // DAY * DAY, UTC).date()


def walk(deliveries: Sequence[Delivery], *, since: date = date.min) -> Iterator[Judged]:
    """Yield what would have been said from ``since`` on, in the order in which it was asked."""
    walker = Walker(deliveries)
    for each in sorted(deliveries, key=lambda each: (each.asked_on(), each.no)):
        asked = each.asked_on()
        walker.learn(asked.replace(day=1))
        if since <= asked <= each.delivered and (judged := walker.say(each)) is not None:
            yield judged


class Score(NamedTuple):
    """How far a rule was off, in days: on average, for the usual delivery, for the worst tenth."""

    rule: str
    count: int
    mean: float
    median: float
    ninth: float


def score(rule: str, misses: Sequence[int]) -> Score:
    """Return the score of a rule from how many days it was off each time."""
    far = sorted(map(abs, misses))
    return Score(rule, len(far), fmean(far), median(far), far[int(0.9 * (len(far) - 1))])


def scores(judged: Sequence[Judged]) -> list[Score]:
    """Return the scores of the estimate and of the naive rules on the same deliveries."""
    said = {
        "estimate": [(j.delivery.delivered - j.at).days for j in judged],
        "planned date": [(j.delivery.delivered - j.delivery.planned).days for j in judged],
        "order + mean duration": [(j.delivery.delivered - j.mean).days for j in judged if j.mean],
    }
    return [score(rule, misses) for rule, misses in said.items() if misses]


def within(judged: Sequence[Judged]) -> float:
    """Return the share that came within the range."""
    return fmean(j.early <= j.delivery.delivered <= j.late for j in judged)


def calibration(judged: Sequence[Judged]) -> list[tuple[str, float]]:
    """Return what share came before the range, until the estimate, until the end of the range."""
    delivered = [(j.delivery.delivered, j) for j in judged]
    return [
        ("before the range (at most 10 %)", fmean(day < j.early for day, j in delivered)),
        ("until the estimate (at least 50 %)", fmean(day <= j.at for day, j in delivered)),
        ("until the range ends (at least 90 %)", fmean(day <= j.late for day, j in delivered)),
    ]


def width(judged: Sequence[Judged]) -> float:
    """Return how many days the usual range spans."""
    return median((j.late - j.early).days + 1 for j in judged)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the back-test."""
    parser = argparse.ArgumentParser(description="Back-test of estimates on a real history.")
    parser.add_argument("file", nargs="?", type=Path, default=DATA)
    asked = parser.parse_args(arguments)
    judged = list(walk(read(asked.file)))
    print(
        f"{'said in':8} {'n':>6}  {'rule':24} {'mean':>7} {'median':>7} {'9 of 10':>8}  (days off)"
    )
    _print_scores("all", judged)
    for year in sorted({j.asked.year for j in judged}):
        _print_scores(str(year), [j for j in judged if j.asked.year == year])
    days = f"usual range {width(judged):.0f} days"
    print(f"\nwithin the range: {within(judged):.1%} of {len(judged)}; {days}")
    for name, share in calibration(judged):
        print(f"  came {name}: {share:.1%}")
    for basis in sorted({j.basis for j in judged}):
        mine = [j for j in judged if j.basis == basis]
        off = f"mean {scores(mine)[0].mean:.2f} days off"
        print(f"  from {basis}: {len(mine)}, within {within(mine):.1%}, {off}")
    return 0


def _print_scores(name: str, judged: Sequence[Judged]) -> None:
    for each in scores(judged):
        off = f"{each.mean:7.2f} {each.median:7.1f} {each.ninth:8.0f}"
        print(f"{name:8} {each.count:6}  {each.rule:24} {off}")


if __name__ == "__main__":
    sys.exit(main())
