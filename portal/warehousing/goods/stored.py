"""What there is, or was, of goods: told by the ledger, which lies above the goods."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection


@dataclass(frozen=True)
class Stored:
    """What there is of one kind of goods in all warehouses; all 0: there was some once."""

    on_hand: Decimal
    allocated: Decimal
    on_hold: Decimal

    @property
    def free(self) -> Decimal:
        """What may still be promised."""
        return self.on_hand - self.allocated - self.on_hold


#: (ids of SKUs, on) → id → what there is; goods that never came to the centre are not in it.
Source = Callable[[Collection[int], Connection], Mapping[int, Stored]]
_sources: list[Source] = []


def provide(source: Source) -> None:
    """Let ``source`` say what there is of goods; the last that is provided counts."""
    _sources[:] = [source]


def stored(ids: Collection[int], on: Connection) -> Mapping[int, Stored]:
    """Return SKU id → what there is of it; goods that never came to the centre are not in it."""
    return _sources[0](ids, on) if _sources and ids else {}
