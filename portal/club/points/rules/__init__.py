"""Rules of points, badges and rewards. Pure."""

from portal.club.points.rules.earning import (
    ALWAYS,
    EARNED,
    GRACE,
    KINDS,
    MONTHS_KEPT,
    PAIR_WINDOW,
    SHORTEST_TEXT,
    SPENT,
    TURNS_MOST,
    Rule,
    day_of,
    expiry,
    month_after,
    periods_of,
    within,
)

__all__ = [
    "ALWAYS",
    "EARNED",
    "GRACE",
    "KINDS",
    "MONTHS_KEPT",
    "PAIR_WINDOW",
    "SHORTEST_TEXT",
    "SPENT",
    "TURNS_MOST",
    "Rule",
    "day_of",
    "expiry",
    "month_after",
    "periods_of",
    "within",
]
