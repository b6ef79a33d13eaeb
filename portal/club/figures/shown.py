"""Figures as words: how long something took, and points of charts."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import ngettext

from portal.club.figures.queries import Week
from portal.core import i18n

Point = tuple[str, float, str]


def lasted(seconds: float | None) -> str:
    """Return a time in the unit in which one thinks of it: minutes, hours, days."""
    if seconds is None:
        return "—"
    minutes = round(seconds / 60)
    if minutes < 90:
        return ngettext("%(num)d minute", "%(num)d minutes", minutes)
    hours = round(seconds / 3600)
    if hours < 48:
        return ngettext("%(num)d hour", "%(num)d hours", hours)
    return ngettext("%(num)d day", "%(num)d days", round(seconds / 86400))


def share(part: int, whole: int) -> float | None:
    """Return a part of a whole; None of nothing."""
    return part / whole if whole else None


def points(weeks: Iterable[Week], name: str) -> list[Point]:
    """Return one number of each week for a chart."""
    return [
        (f"{week.week:%m-%d}", value, i18n.number(value))
        for week in weeks
        for value in (getattr(week, name),)
    ]


def total(weeks: Sequence[Week], name: str) -> int:
    """Return the sum of one number of all weeks."""
    return sum(getattr(week, name) for week in weeks)


def name_of(names: dict[str, str]) -> str:
    """Return the name of a space in the reader's language."""
    return names.get(i18n.tag()) or names.get("zh-Hans") or next(iter(names.values()), "")


def space_bars(spaces: Sequence[Any]) -> list[dict[str, Any]]:
    """Return the spaces compared, those with most posts first."""
    return [
        {
            "label": name_of(row.names),
            "value": row.posts,
            "text": i18n.number(row.posts),
            "cells": [
                i18n.percent(share(row.answered, row.questions), 0) if row.questions else "—"
            ],
        }
        for row in sorted(spaces, key=lambda row: -row.posts)
    ]
