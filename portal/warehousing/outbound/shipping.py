"""Who carries what leaves: a room above registers how a consignment is made of an order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from portal.core.errors import Refused
from portal.core.i18n import lazy as _l


@dataclass(frozen=True)
class Leaving:
    """An order that leaves: its row, its cartons with what is in them, and who loaded it.

    ``cartons``: rows of ``carton`` in order, each with ``goods``, a text.
    """

    order: Any
    warehouse: Any
    cartons: Sequence[Any]
    goods: Sequence[str]  # of each carton, in words
    person_id: int | None
    prefix: str  # GS1 company prefix of the centre


#: Makes the consignment in the transaction of the connection; returns its number.
Carry = Callable[[Leaving, Connection], str]
_carriers: list[Carry] = []


def provide(carry: Carry) -> None:
    """Let ``carry`` make the consignments of orders that leave; the last one registered does."""
    _carriers.append(carry)


def carry(leaving: Leaving, on: Connection) -> str:
    """Make the consignment of an order, once; return its number."""
    if not _carriers:
        raise Refused(_l("Nobody carries goods from here yet."))
    return _carriers[-1](leaving, on)
