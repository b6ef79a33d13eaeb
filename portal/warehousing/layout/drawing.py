"""The floor plan as it is drawn: zones, bays and their colours, in decimetres."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.core.i18n import lazy as _l

MARGIN = 10  # dm around the plan
LEAST = 400  # dm that a plan is wide, however small
#: Step of the colour → what it says, from empty to full.
FILLINGS = {
    "0": _l("Empty"),
    "1": _l("Up to half used"),
    "2": _l("More than half used"),
    "3": _l("All used"),
    "blocked": _l("Blocked"),
}


@dataclass(frozen=True)
class Bay:
    """Locations above each other: a rectangle, its colour, the words of its tooltip."""

    x: int
    y: int
    width: int
    depth: int
    filling: str
    kind: str
    first: str
    last: str
    count: int
    used: int
    blocked: int

    @property
    def at(self) -> str:
        """Its place, as the address of the page carries it."""
        return f"{self.x},{self.y}"

    @property
    def codes(self) -> str:
        """Its codes, from the lowest to the highest."""
        return self.first if self.first == self.last else f"{self.first} … {self.last}"


@dataclass(frozen=True)
class Area:
    """A zone on the plan."""

    code: str
    name: str
    x: int
    y: int
    width: int
    depth: int
    storage_class: str


@dataclass(frozen=True)
class Rack:
    """The name of an aisle, and where it is written; ``beside``: before it, else above it."""

    name: str
    x: int
    y: int
    beside: bool


@dataclass(frozen=True)
class Plan:
    """A floor plan; ``box`` is x, y, width and height of what is seen."""

    areas: Sequence[Area]
    bays: Sequence[Bay]
    racks: Sequence[Rack]
    box: tuple[int, int, int, int]


def filling(count: int, used: int, blocked: int) -> str:
    """Return the step of the colour of so many locations of which so many are used."""
    if count and blocked == count:
        return "blocked"
    if not used:
        return "0"
    return "3" if used == count else "1" if used * 2 <= count else "2"


def drawn(zones: Sequence[Any], names: Mapping[int, str], bays: Sequence[Any]) -> Plan:
    """Return the plan of zones with a rectangle and of bays (rows of ``queries.bays_for``)."""
    areas = [
        Area(z.code, names[z.id], z.x_dm, z.y_dm, z.width_dm, z.depth_dm, z.storage_class)
        for z in zones
        if z.width_dm and z.depth_dm
    ]
    drawn_bays = [bay_of(row) for row in bays]
    return Plan(areas, drawn_bays, list(_racks(drawn_bays, areas)), _box(areas, bays))


def _racks(bays: Sequence[Bay], areas: Sequence[Area]) -> Iterator[Rack]:
    """Yield the names of aisles: what their codes begin with, unless that is the zone's code."""
    found: dict[str, list[Bay]] = {}
    for bay in bays:
        found.setdefault(bay.first.partition("-")[0], []).append(bay)
    zones = {area.code for area in areas}
    for name, mine in found.items():
        if name in zones or len(mine) < 2:
            continue
        first = min(mine, key=lambda bay: (bay.y, bay.x))
        beside = len({bay.y for bay in mine}) == 1
        if beside:
            yield Rack(name, first.x - 2, first.y + first.depth // 2 + 3, beside=True)
        else:
            yield Rack(name, first.x, first.y - 2, beside=False)


def bay_of(row: Any) -> Bay:
    """Return a row of ``queries.bays_for`` as it is drawn."""
    return Bay(
        row.x_dm,
        row.y_dm,
        row.width_dm,
        row.depth_dm,
        filling(row.count, row.used, row.blocked),
        row.kind,
        row.first,
        row.last,
        row.count,
        row.used,
        row.blocked,
    )


def _box(areas: Sequence[Area], bays: Sequence[Any]) -> tuple[int, int, int, int]:
    right = [a.x + a.width for a in areas] + [b.x_dm + b.width_dm for b in bays]
    below = [a.y + a.depth for a in areas] + [b.y_dm + b.depth_dm for b in bays]
    left = min([a.x for a in areas] + [b.x_dm for b in bays], default=0) - MARGIN
    top = min([a.y for a in areas] + [b.y_dm for b in bays], default=0) - MARGIN
    return (
        left,
        top,
        max(max(right, default=0) + MARGIN - left, LEAST),
        (max(below, default=0) + MARGIN - top),
    )
