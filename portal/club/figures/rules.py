"""Weeks, periods, and what a topic counts for."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from portal.core import clock

#: Periods that can be asked for, in weeks.
PERIODS = (4, 12, 26, 52)
USUAL = 12
COUNTED = ("topics", "posts", "questions", "answered", "accepted")


@dataclass(frozen=True)
class Fact:
    """What a topic counts for: begun in ``week``, with ``posts`` that are shown by week."""

    space_id: int
    week: date
    is_shown: bool
    is_question: bool
    is_accepted: bool
    first_answer_s: int | None
    posts: Mapping[str, int] = field(default_factory=dict)

    def counts(self) -> dict[tuple[date, int], Counter[str]]:
        """Return (week, space) → what is counted there because of this topic."""
        found: dict[tuple[date, int], Counter[str]] = {}
        if not self.is_shown:
            return found
        begun = found.setdefault((self.week, self.space_id), Counter())
        begun["topics"] += 1
        begun["questions"] += self.is_question
        begun["answered"] += self.is_question and self.first_answer_s is not None
        begun["accepted"] += self.is_question and self.is_accepted
        for week, number in self.posts.items():
            here = found.setdefault((date.fromisoformat(week), self.space_id), Counter())
            here["posts"] += number
        return found


def changes(before: Fact | None, after: Fact) -> dict[tuple[date, int], dict[str, int]]:
    """Return (week, space) → what is to be added there so that ``after`` counts, not ``before``."""
    old = before.counts() if before is not None else {}
    new = after.counts()
    found = {}
    for key in old.keys() | new.keys():
        one, other = old.get(key, Counter()), new.get(key, Counter())
        difference = {name: other[name] - one[name] for name in COUNTED if other[name] != one[name]}
        if difference:
            found[key] = difference
    return found


def week_of(at: datetime) -> date:
    """Return the Monday of the week of an instant, in the centre's zone."""
    return monday(at.astimezone(clock.zone()).date())


def monday(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def bounds(week: date) -> tuple[datetime, datetime]:
    """Return the first instant of a week, and the first of the next, in UTC."""
    ends = (week, week + timedelta(days=7))
    first, last = (datetime.combine(day, time(), clock.zone()).astimezone(UTC) for day in ends)
    return first, last


def period(asked: str | None) -> int:
    """Return how many weeks are asked for; what is not offered is the usual number."""
    return next((each for each in PERIODS if str(each) == asked), USUAL)


def weeks_back(number: int) -> list[date]:
    """Return the Mondays of the last weeks, the present one among them, in order."""
    last = week_of(clock.now())
    return [last - timedelta(days=7 * back) for back in range(number - 1, -1, -1)]


def middle(values: Sequence[float]) -> float | None:
    """Return the median of rising values: the lower of two in the middle; None of none."""
    return values[place(len(values), 0.5)] if values else None


def place(number: int, share: float) -> int:
    """Return at which place (from 0) of ``number`` rising values a share of them lies below."""
    return max(0, -int(-number * share // 1) - 1)
