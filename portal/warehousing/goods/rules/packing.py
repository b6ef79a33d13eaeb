"""How many base units a packed quantity is, and the other way round."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol

from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.quantities import NOTHING, of_thousandths, thousandths
from portal.warehousing.goods.rules.kinds import BASE_LEVEL, DIVISIBLE, level_text


class Packing(Protocol):
    """A row of ``sku_unit``, or what is like it."""

    @property
    def level(self) -> str:
        """The level: inner, case, pallet."""

    @property
    def holds(self) -> Decimal:
        """Base units in one."""


def in_base(quantity: Decimal, level: str, units: Iterable[Packing]) -> Decimal:
    """Return how many base units ``quantity`` of a level is.

    ``units`` are the rows of ``sku_unit`` of the goods. Raises Refused for a level that the goods
    do not have, and for a quantity finer than what is counted.
    """
    try:
        return of_thousandths(thousandths(quantity * holds_of(level, units)))
    except ValueError:
        message = _l("That is finer than goods are counted: three places at most.")
        raise Refused(message) from None


def counted(quantity: Decimal, unit: str) -> Decimal:
    """Return a quantity of base units; raises Refused for parts of what there are no parts of.

    ``unit`` is the base unit of the goods: of pieces there are whole ones only.
    """
    if unit not in DIVISIBLE and quantity != quantity.to_integral_value():
        raise Refused(_l("These goods are counted whole. Enter a whole number."))
    return quantity


def holds_of(level: str, units: Iterable[Packing]) -> Decimal:
    """Return how many base units one of a level holds; raises Refused where there is no such."""
    if level == BASE_LEVEL:
        return Decimal(1)
    for each in units:
        if each.level == level:
            return each.holds
    raise Refused(
        _l(
            "These goods are not packed by “%(level)s”. Count them in another unit.",
            level=level_text(level),
        )
    )


def packed(quantity: Decimal, units: Iterable[Packing]) -> list[tuple[str, Decimal]]:
    """Return the fewest whole packs, the largest first, that make up ``quantity`` base units.

    What is left is of the level ``each``: 130 of cases of 12 is ``[("case", 10), ("each", 10)]``.
    """
    parts, rest = [], quantity
    for unit in sorted(units, key=lambda each: each.holds, reverse=True):
        many = rest // unit.holds
        if many >= 1:
            parts.append((unit.level, many))
            rest -= many * unit.holds
    if rest != NOTHING or not parts:
        parts.append((BASE_LEVEL, rest))
    return parts
