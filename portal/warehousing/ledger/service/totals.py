"""What an owner has of a SKU in a warehouse, added up at the end of each transaction."""

from collections import defaultdict
from decimal import Decimal

from sqlalchemy import Connection

from portal.core import counters
from portal.core.db import Gathered, gathered
from portal.core.quantities import NOTHING
from portal.warehousing.ledger.models import StockTotal
from portal.warehousing.ledger.rules import APPROVED

#: (company, SKU, warehouse)
Key = tuple[int, int, int]
#: on hand, allocated, on hold
Change = tuple[Decimal, Decimal, Decimal]
_FIGURES = ("on_hand", "allocated", "on_hold")


class _Totals(Gathered):
    items: list[tuple[Key, Change]]

    def write(self, on: Connection) -> None:
        """Add the changes up, and those of each row to it."""
        summed: dict[Key, list[Decimal]] = defaultdict(lambda: [NOTHING] * 3)
        for key, change in self.items:
            summed[key] = [old + new for old, new in zip(summed[key], change, strict=True)]
        rows = [
            {
                "company_id": key[0],
                "sku_id": key[1],
                "warehouse_id": key[2],
                **dict(zip(_FIGURES, figures, strict=True)),
            }
            for key, figures in summed.items()
            if any(figures)
        ]
        counters.add(StockTotal.__table__, rows, on=on)


def moved(key: Key, quantity: Decimal, allocated: Decimal, status: str, *, on: Connection) -> None:
    """Note that so much came (or, below zero, went) of which so much is promised."""
    held = NOTHING if status == APPROVED else quantity
    gathered(_Totals, on).items.append((key, (quantity, allocated, held)))


def reserved(key: Key, quantity: Decimal, *, on: Connection) -> None:
    """Note that so much more (below zero: less) is promised."""
    gathered(_Totals, on).items.append((key, (NOTHING, quantity, NOTHING)))
