"""Whom a campaign is for: an open set of facts about reader, page and time.

A campaign names for some facts the values of which the reader must have one. A fact that is asked
for and not known never fits: a campaign for gold members is shown to nobody where nobody knows
who is one. Further rooms add their facts by ``facts.provide``.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

#: Fact → the values that hold now, such as {"audience": {"visitor"}}.
Facts = Mapping[str, Collection[str]]
Targeting = Mapping[str, Collection[str]]
HOUR, WEEKDAY = "hour", "weekday"


def of_time(now: datetime) -> dict[str, frozenset[str]]:
    """Return the facts of an instant in the zone it comes in: hour 0–23, weekday 0 = Monday."""
    return {HOUR: frozenset({str(now.hour)}), WEEKDAY: frozenset({str(now.weekday())})}


def fits(targeting: Targeting, facts: Facts) -> bool:
    """Return whether the facts have one of the values of every fact that is asked for."""
    return all(
        not set(wanted).isdisjoint(facts.get(name, ()))
        for name, wanted in targeting.items()
        if wanted
    )
