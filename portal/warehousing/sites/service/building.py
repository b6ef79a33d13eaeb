"""Building a block of racks: all of its locations in one transaction, or none."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from portal.core import events
from portal.core.db import AnyRow
from portal.core.errors import FieldError, Invalid
from portal.core.i18n import lazy as _l
from portal.warehousing.sites.events import WarehouseChanged
from portal.warehousing.sites.models import Location
from portal.warehousing.sites.rules import barcode, blocks
from portal.warehousing.sites.rules.blocks import Bin, Block
from portal.warehousing.sites.service.editing import next_walk

SHOWN = 6  # codes that are named one by one
_PART = 500  # codes asked for at once
_LOCATION = Location.__table__


@dataclass(frozen=True)
class Preview:
    """What a block would be.

    ``first``, ``last``: codes in walking order. ``kinds``: kind → how many. ``bounds``: x, y,
    width, depth on the plan, in decimetres. ``taken``: codes that are there already.
    """

    count: int
    first: Sequence[str]
    last: Sequence[str]
    kinds: dict[str, int]
    bounds: tuple[int, int, int, int]
    taken: Sequence[str]


def preview(warehouse_id: int, block: Block, *, on: Connection) -> Preview:
    """Return what a block would be; raises Invalid for a pattern that is none."""
    found = list(blocks.bins(block))
    kinds: dict[str, int] = {}
    for each in found:
        kind = blocks.kind_of(block, each)
        kinds[kind] = kinds.get(kind, 0) + 1
    codes = [each.code for each in found]
    taken = _taken(warehouse_id, codes, on)
    return Preview(
        len(found), codes[:SHOWN], codes[-SHOWN:], kinds, _bounds(block, found), taken[:SHOWN]
    )


def _bounds(block: Block, found: Sequence[Bin]) -> tuple[int, int, int, int]:
    corners = [blocks.rectangle(block, each) for each in found]
    right = max(x + width for x, _y, width, _d in corners)
    below = max(y + depth for _x, y, _w, depth in corners)
    return block.x_dm, block.y_dm, right - block.x_dm, below - block.y_dm


def _taken(warehouse_id: int, codes: Sequence[str], on: Connection) -> list[str]:
    """Return which of the codes there are already."""
    c = _LOCATION.c
    here = select(c.code).where(c.warehouse_id == warehouse_id)
    taken: list[str] = []
    for at in range(0, len(codes), _PART):
        taken += on.execute(here.where(c.code.in_(codes[at : at + _PART]))).scalars()
    return taken


def build(warehouse: AnyRow, zone: AnyRow, block: Block, *, by: int | None, on: Connection) -> int:
    """Make the locations of a block in a zone, behind the last of the walk; return how many.

    Raises Invalid for a pattern that is none, and where one of the codes is taken: then none is
    made. Records WarehouseChanged.
    """
    found = list(blocks.bins(block))
    taken = _taken(warehouse.id, [each.code for each in found], on)
    if taken:
        message = _l(
            "%(count)s of these locations are there already, such as %(code)s.",
            count=len(taken),
            code=taken[0],
        )
        raise Invalid(message, [FieldError("pattern", message)])
    walk = next_walk(warehouse.id, on)
    on.execute(insert(_LOCATION), list(_rows(warehouse, zone, block, found, walk)))
    events.record(
        WarehouseChanged(
            actor_id=by,
            company_id=None,
            warehouse=warehouse.code,
            what=f"block:{zone.code}",
            fields=[block.pattern],
            count=len(found),
        ),
        on=on,
    )
    return len(found)


def _rows(
    warehouse: AnyRow, zone: AnyRow, block: Block, found: Sequence[Bin], walk: int
) -> Iterator[dict[str, Any]]:
    for at, each in enumerate(found):
        x, y, width, depth = blocks.rectangle(block, each)
        yield {
            "warehouse_id": warehouse.id,
            "zone_id": zone.id,
            "code": each.code,
            "barcode": barcode(warehouse.code, each.code),
            "kind": blocks.kind_of(block, each),
            "walk": walk + at,
            "level": each.level,
            "most_weight_g": block.most_weight_g,
            "most_volume_mm3": block.most_volume_mm3,
            "single_sku": block.single_sku,
            "single_lot": block.single_lot,
            "x_dm": x,
            "y_dm": y,
            "width_dm": width,
            "depth_dm": depth,
            "active": True,
        }
