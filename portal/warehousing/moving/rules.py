"""Rules of moves and of replenishment; quantities are of the goods' base unit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext
from portal.core.quantities import NOTHING

#: Kind of a task, and of the movement in the ledger → what it is called.
KINDS = {"move": lazy_pgettext("goods", "Move"), "replenish": _l("Replenish")}
STATES = {
    "open": lazy_pgettext("task", "Open"),
    "done": lazy_pgettext("task", "Done"),
    "skipped": lazy_pgettext("task", "Skipped"),
    "cancelled": lazy_pgettext("task", "Cancelled"),
}
#: Why a task was skipped on the floor.
SKIPPED = {
    "not_there": _l("The goods are not there"),
    "full": _l("The location was full"),
    "blocked": _l("I cannot get at it"),
    "damaged": _l("The goods are damaged"),
    "other": _l("Other"),
}
#: Why goods are moved by hand: some of ledger.rules.REASONS.
WHY = ("full", "unsuitable", "owner", "quality", "damage", "other")
REF = "MV"  # and eight letters
#: Priorities of tasks (0 first): an empty pick location before one that runs low.
EMPTY, LOW, USUAL = 20, 40, 50
#: A pick location for which a task was called off or skipped is left to people for so long.
LEFT_ALONE = timedelta(hours=4)
#: Kinds of locations from which pick locations are filled.
SOURCES = ("reserve",)


@dataclass(frozen=True)
class Source:
    """Goods in reserve: a balance with how much of it is free and not on its way already."""

    balance: Any
    free: Decimal
    expires_on: date | None
    since: datetime


def wanted(least: Decimal, most: Decimal, have: Decimal, coming: Decimal) -> Decimal:
    """Return how much is to be brought to a pick location; nothing while it has its least.

    ``coming``: what open tasks bring there.
    """
    return most - have - coming if have + coming < least else NOTHING


def in_turn(sources: Iterable[Source], *, by_expiry: bool) -> list[Source]:
    """Return sources in the order in which they are used up.

    ``by_expiry``: what expires first goes first, without a date last; else, and among equals,
    what came first. The smaller rest before the larger, so that locations become empty.
    """
    never = date.max
    return sorted(
        sources,
        key=lambda s: (
            (s.expires_on or never) if by_expiry else never,
            s.since.astimezone(UTC),
            s.free,
            s.balance.id,
        ),
    )


def drawn(
    amount: Decimal, sources: Sequence[Source], *, pack: Decimal = NOTHING
) -> list[tuple[Source, Decimal]]:
    """Return from which sources ``amount`` is taken, in their order; less where there is less.

    ``pack``: base units in one case: as long as it stays at or below ``amount``, whole cases.
    """
    found: list[tuple[Source, Decimal]] = []
    rest = amount
    for source in sources:
        take = min(source.free, rest)
        if pack > 1 and take == rest and take > pack:
            take -= take % pack
        if take > 0:
            found.append((source, take))
            rest -= take
        if rest <= 0:
            break
    return found


def check_open(task: Any) -> None:
    """Raise Refused unless a task is open."""
    if task.state != "open":
        raise Refused(
            _l("Task %(ref)s is closed already: %(state)s.", ref=task.ref, state=STATES[task.state])
        )


def check_source(location: Any) -> None:
    """Raise Refused where nothing may be taken from a location."""
    if location.blocked is not None:
        raise Refused(
            _l(
                "Location %(code)s is blocked: %(reason)s",
                code=location.code,
                reason=location.blocked,
            )
        )


def check_different(from_id: int, to_id: int) -> None:
    """Raise Refused where goods would be moved to where they lie."""
    if from_id == to_id:
        raise Refused(_l("The goods lie there already. Choose another location."))
