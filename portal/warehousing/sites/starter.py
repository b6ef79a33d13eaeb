"""Warehouses to begin with: zones, racks, docks and lanes as most houses have them.

What a centre changes afterwards is its own; nothing here is read again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from portal.core.db import AnyRow
from portal.warehousing.sites import queries
from portal.warehousing.sites.rules import blocks
from portal.warehousing.sites.rules.blocks import Block
from portal.warehousing.sites.service import building, editing

Names = Mapping[str, str]
PALLET: dict[str, Any] = {"most_weight_g": 1_000_000, "most_volume_mm3": 1_900_000_000}
SHELF: dict[str, Any] = {"most_weight_g": 300_000, "most_volume_mm3": 1_000_000_000}
_CLASS_RACK: dict[str, Any] = {"bay_dm": 28, "depth_dm": 11}


@dataclass(frozen=True, kw_only=True)
class Gate:
    """A dock, and its rectangle: x, y, width, depth in decimetres."""

    code: str
    kind: str
    box: tuple[int, int, int, int]


@dataclass(frozen=True, kw_only=True)
class Part:
    """A zone with its blocks and docks. ``box``: x, y, width, depth in decimetres."""

    code: str
    names: Names
    box: tuple[int, int, int, int]
    storage_class: str = "ambient"
    blocks: Sequence[Block] = ()
    gates: Sequence[Gate] = field(default_factory=tuple)


def _named(hans: str, hant: str, en: str) -> Names:
    return {"zh-Hans": hans, "zh-Hant": hant, "en": en}


def _lanes(pattern: str, kind: str, x: int, y: int, **more: Any) -> Block:
    """Return fields on the floor, one below the other unless ``along`` says otherwise."""
    usual = {"along": "y", "bay_dm": 22, "depth_dm": 60, "gap_dm": 14}
    values = {**usual, **more, "low_kind": kind, "high_kind": kind}
    return Block(pattern=pattern, x_dm=x, y_dm=y, **values)


#: A full house: some 590 locations on 96 × 44 m.
MAIN = (
    Part(
        code="R",
        names=_named("收货区", "收貨區", "Receiving"),
        box=(0, 0, 155, 435),
        blocks=[_lanes("R-{01-08}", "receive", 35, 22, bay_dm=50, depth_dm=105)],
        gates=[
            Gate(code=f"D{n}", kind="in", box=(4, 30 + 140 * (n - 1), 16, 80)) for n in (1, 2, 3)
        ],
    ),
    Part(
        code="A",
        names=_named("拣货区", "揀貨區", "Pick faces"),
        box=(170, 280, 400, 155),
        blocks=[
            Block(
                pattern="A{01-04}-{01-12}-{1-3}",
                x_dm=188,
                y_dm=302,
                gap_dm=22,
                **SHELF,
                **_CLASS_RACK,
            )
        ],
    ),
    Part(
        code="B",
        names=_named("存储区", "儲存區", "Reserve racks"),
        box=(170, 0, 400, 265),
        blocks=[
            Block(
                pattern="B{01-06}-{01-13}-{1-4}",
                low_levels=0,
                x_dm=188,
                y_dm=22,
                gap_dm=30,
                **PALLET,
                **_CLASS_RACK,
            )
        ],
    ),
    Part(
        code="C",
        names=_named("冷藏区", "冷藏區", "Chilled"),
        box=(590, 0, 290, 110),
        storage_class="chilled",
        blocks=[
            Block(
                pattern="C{01-02}-{01-09}-{1-3}",
                low_levels=1,
                x_dm=608,
                y_dm=26,
                gap_dm=30,
                **PALLET,
                **_CLASS_RACK,
            )
        ],
    ),
    Part(
        code="V",
        names=_named("贵重品间", "貴重品間", "Valuables"),
        box=(590, 125, 135, 70),
        storage_class="valuable",
        blocks=[_lanes("V-{01-08}", "pick", 600, 150, along="x", bay_dm=14, depth_dm=30, **SHELF)],
    ),
    Part(
        code="H",
        names=_named("危险品间", "危險品間", "Dangerous goods"),
        box=(740, 125, 140, 70),
        storage_class="hazardous",
        blocks=[
            Block(
                pattern="H{01-02}-{01-05}-{1-2}",
                low_levels=1,
                x_dm=750,
                y_dm=150,
                bay_dm=24,
                depth_dm=11,
                gap_dm=15,
                **SHELF,
            )
        ],
    ),
    Part(
        code="Q",
        names=_named("冻结区", "凍結區", "Hold cage"),
        box=(590, 210, 140, 55),
        blocks=[_lanes("Q-{01-08}", "hold", 600, 234, along="x", bay_dm=15, depth_dm=22)],
    ),
    Part(
        code="T",
        names=_named("退货区", "退貨區", "Returns corner"),
        box=(745, 210, 135, 55),
        blocks=[_lanes("T-{01-06}", "return", 752, 234, along="x", bay_dm=20, depth_dm=22)],
    ),
    Part(
        code="P",
        names=_named("复核打包台", "複核打包台", "Packing benches"),
        box=(590, 280, 135, 155),
        blocks=[_lanes("P-{01-06}", "stage", 610, 300, depth_dm=95)],
    ),
    Part(
        code="S",
        names=_named("集货区", "集貨區", "Staging lanes"),
        box=(740, 280, 140, 155),
        blocks=[_lanes("S{1-2}-{01-06}", "stage", 750, 300, depth_dm=52, gap_dm=14)],
    ),
    Part(
        code="D",
        names=_named("发货月台", "出貨碼頭", "Dispatch docks"),
        box=(890, 0, 66, 435),
        gates=[
            Gate(
                code=f"D{n}", kind="out" if n < 6 else "both", box=(905, 30 + 140 * (n - 4), 34, 80)
            )
            for n in (4, 5, 6)
        ],
    ),
)
#: A small house: some 90 locations on 47 × 24 m.
SMALL = (
    Part(
        code="R",
        names=_named("收货区", "收貨區", "Receiving"),
        box=(0, 0, 110, 240),
        blocks=[_lanes("R-{01-04}", "receive", 30, 26, bay_dm=48, depth_dm=70)],
        gates=[Gate(code="D1", kind="both", box=(4, 80, 16, 80))],
    ),
    Part(
        code="A",
        names=_named("拣货与存储区", "揀貨與儲存區", "Pick faces and reserve"),
        box=(125, 0, 250, 160),
        blocks=[
            Block(
                pattern="A{01-03}-{01-08}-{1-3}",
                x_dm=138,
                y_dm=24,
                gap_dm=30,
                **SHELF,
                **_CLASS_RACK,
            )
        ],
    ),
    Part(
        code="Q",
        names=_named("冻结与退货区", "凍結與退貨區", "Hold and returns"),
        box=(125, 175, 250, 65),
        blocks=[
            _lanes("Q-{01-03}", "hold", 138, 200, along="x", bay_dm=28, depth_dm=26),
            _lanes("T-{01-03}", "return", 250, 200, along="x", bay_dm=28, depth_dm=26),
        ],
    ),
    Part(
        code="S",
        names=_named("打包与集货区", "打包與集貨區", "Packing and staging"),
        box=(390, 0, 80, 240),
        blocks=[
            _lanes("P-{01-02}", "stage", 400, 24, bay_dm=30, depth_dm=40),
            _lanes("S-{01-04}", "stage", 400, 94, bay_dm=30, depth_dm=40),
        ],
        gates=[Gate(code="D2", kind="both", box=(446, 80, 18, 80))],
    ),
)
LAYOUTS = {"main": MAIN, "small": SMALL}


def make(
    values: Mapping[str, Any], layout: Sequence[Part], *, by: int | None, on: Connection
) -> AnyRow:
    """Make a warehouse (``values``: its columns) with all that a layout holds; return its row.

    Raises Invalid where its code is taken. Records WarehouseChanged for each part.
    """
    warehouse = editing.make_warehouse(values, by=by, on=on)
    for part in layout:
        plan = dict(zip(("x_dm", "y_dm", "width_dm", "depth_dm"), part.box, strict=True))
        zone = {"code": part.code, "names": dict(part.names), "storage_class": part.storage_class}
        editing.save_zone(warehouse, None, zone | plan, by=by, on=on)
    zones = {zone.code: zone for zone in queries.zones_of(warehouse.id, on)}
    for part in layout:
        for block in part.blocks:
            building.build(warehouse, zones[part.code], block, by=by, on=on)
    for part in layout:
        for gate in part.gates:
            _make_gate(warehouse, zones[part.code], gate, by, on)
    return warehouse


def count(layout: Sequence[Part]) -> int:
    """Return how many locations a layout has."""
    racks = sum(blocks.parse(block.pattern).count for part in layout for block in part.blocks)
    return racks + sum(len(part.gates) for part in layout)


def _make_gate(warehouse: AnyRow, zone: AnyRow, gate: Gate, by: int | None, on: Connection) -> None:
    plan = dict(zip(("x_dm", "y_dm", "width_dm", "depth_dm"), gate.box, strict=True))
    place = {"code": gate.code, "zone_id": zone.id, "kind": "dock", "level": 0, **plan}
    location = editing.make_location(warehouse, place, by=by, on=on)
    values = {"code": gate.code, "kind": gate.kind, "location_id": location.id, "active": True}
    editing.save_dock(warehouse, None, values, by=by, on=on)
