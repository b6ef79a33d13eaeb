"""Quantities of goods: decimals with three places, kept as whole thousandths.

SQLite has no decimals: what it keeps as numbers with a point does not add up. Whole thousandths
do, on both databases, and a ledger's sums are exact.
"""

import re
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

PLACES = 3
NOTHING = Decimal(0)
#: The most that a column, and sums of many rows of it, can hold.
MOST = Decimal(10**9)
#: Signs as a Chinese keyboard types them in full width → the plain ones.
_WIDE = {0xFF01 + offset: 0x21 + offset for offset in range(94)}
_NUMBER = re.compile(r"[+-]?(\d{1,15}|\d{1,3}(,\d{3}){1,4})(\.\d{1,20})?", re.ASCII)


class Quantity(TypeDecorator[Decimal]):
    """A decimal with at most three places; sums of it are exact."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:
        """Return the thousandths; raises ValueError for what has more places."""
        return None if value is None else thousandths(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Return the decimal."""
        return None if value is None else of_thousandths(int(value))


def thousandths(value: Decimal | int) -> int:
    """Return a quantity in whole thousandths; raises ValueError for what has more places."""
    scaled = Decimal(value).scaleb(PLACES)
    whole = int(scaled)
    if whole != scaled:
        raise ValueError("A quantity has at most three places.")
    return whole


def of_thousandths(value: int) -> Decimal:
    """Return the quantity of so many thousandths, without zeros at its end."""
    whole, rest = divmod(value, 1000)
    return Decimal(whole) if not rest else Decimal(value).scaleb(-PLACES).normalize()


def written(value: Decimal | int) -> str:
    """Return a quantity as JSON and sheets carry it: ``12``, ``0.5``."""
    return f"{of_thousandths(thousandths(value)):f}"


def read(text: str) -> Decimal:
    """Return the quantity that ``text`` is, such as ``12`` or ``1,200.5``.

    Commas stand between groups of three only: ``1,5`` is 1.5 to some and is not guessed at.
    Raises ValueError for anything else, for more than three places and for more than ``MOST``.
    """
    plain = text.translate(_WIDE).strip()
    if not _NUMBER.fullmatch(plain):
        raise ValueError("not a number")
    value = Decimal(plain.replace(",", ""))
    if abs(value) > MOST:
        raise ValueError("not a quantity")
    return of_thousandths(thousandths(value))
