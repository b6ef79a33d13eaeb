"""Which carton goods go in, and what it must weigh.

Lengths in millimetres, weights in grams. A carton holds goods if each of them fits in by its
sides (turned as it likes), if together they fill no more than FILL of it, and if it bears them.
Goods that were never measured or weighed count nothing: the packer's eye decides.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal
from itertools import starmap
from math import ceil

from portal.core.errors import Refused
from portal.core.i18n import lazy as _l

FILL = Decimal("0.9")  # of a carton; the rest is air and padding
TOLERANCE = Decimal("0.03")  # of what is expected
LEAST_TOLERANCE_G = 50  # scales, tape and labels
MOST_G = 100_000_000
MOST_CARTONS = 200  # of one order, proposed at once
_WHOLE = Decimal(1)

STATUSES = {
    "open": _l("Being packed"),
    "packed": _l("Packed"),
    "staged": _l("Staged"),
    "loaded": _l("Loaded"),
    "shipped": _l("Shipped"),
    "emptied": _l("Unpacked"),
}
#: Status → what may follow. What was emptied is not used again: its label is void.
NEXT = {
    "open": ("packed", "emptied"),
    "packed": ("open", "staged", "emptied"),
    "staged": ("loaded", "open", "emptied"),
    "loaded": ("shipped", "staged"),
    "shipped": (),
    "emptied": (),
}
#: Statuses of cartons that hold goods of their order.
FILLED = ("open", "packed", "staged", "loaded")


@dataclass(frozen=True, kw_only=True)
class Box:
    """A kind of carton: sides inside, its own weight, and the most it may weigh when full."""

    id: int
    code: str
    sides: tuple[int, int, int]
    tare_g: int
    most_weight_g: int

    @property
    def volume_mm3(self) -> int:
        """Return what is inside."""
        return self.sides[0] * self.sides[1] * self.sides[2]


@dataclass(frozen=True, kw_only=True)
class Item:
    """So many base units of goods; None: not known. ``key`` tells the caller what it is."""

    key: int
    quantity: Decimal
    weight_g: int | None
    sides: tuple[int, int, int] | None

    @property
    def volume_mm3(self) -> int:
        """Return the volume of one."""
        return 0 if self.sides is None else self.sides[0] * self.sides[1] * self.sides[2]


@dataclass(frozen=True)
class Proposal:
    """One carton to pack: which kind (None: the goods go in their own packing), and what in it."""

    box: Box | None
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Weighed:
    """What the scales say beside what was expected; ``over_g`` is negative where it is less."""

    over_g: int
    tolerance_g: int

    @property
    def is_right(self) -> bool:
        """Return whether it lies within the tolerance."""
        return abs(self.over_g) <= self.tolerance_g


def advance(current: str, wanted: str) -> str:
    """Return ``wanted`` if a carton may go there from ``current``; raises Refused otherwise."""
    if wanted not in NEXT[current]:
        raise Refused(
            _l(
                "A carton that is “%(now)s” cannot become “%(wanted)s”.",
                now=STATUSES[current],
                wanted=STATUSES[wanted],
            )
        )
    return wanted


def holds(box: Box, items: Iterable[Item]) -> bool:
    """Return whether all of ``items`` go into one carton of this kind."""
    volume, weight = Decimal(0), Decimal(box.tare_g)
    for item in items:
        if not _goes_in(box, item):
            return False
        volume += item.quantity * item.volume_mm3
        weight += item.quantity * (item.weight_g or 0)
    return volume <= box.volume_mm3 * FILL and weight <= box.most_weight_g


def _goes_in(box: Box, item: Item) -> bool:
    """Return whether one fits by its longest, middle and shortest side."""
    if item.sides is None:
        return True
    pairs = zip(sorted(item.sides), sorted(box.sides), strict=True)
    return all(starmap(int.__le__, pairs))


def choose(boxes: Iterable[Box], items: Sequence[Item]) -> Box | None:
    """Return the smallest kind of carton that holds all of ``items``; None: none does."""
    fitting = (box for box in boxes if holds(box, items))
    return min(fitting, key=lambda box: (box.volume_mm3, box.code), default=None)


def plan(boxes: Sequence[Box], items: Sequence[Item]) -> list[Proposal]:
    """Return in which cartons ``items`` go: full large ones, then the smallest for the rest.

    Goods that no carton takes go each in their own packing.
    """
    left = [item for item in items if item.quantity > 0]
    proposals: list[Proposal] = []
    while left and len(proposals) < MOST_CARTONS:
        box = choose(boxes, left)
        if box is not None:
            proposals.append(Proposal(box, tuple(left)))
            break
        proposal = _fill(boxes, left)
        proposals.append(proposal)
        left = _without(left, proposal.items)
    return proposals


def _fill(boxes: Sequence[Box], items: Sequence[Item]) -> Proposal:
    """Return the largest kind of carton, as full of ``items`` as it goes; the bulky ones first."""
    largest = max(boxes, key=lambda box: box.volume_mm3, default=None)
    taken = [] if largest is None else _taken(largest, items)
    if taken:
        return Proposal(largest, tuple(taken))
    bulkiest = max(items, key=lambda item: item.volume_mm3)
    return Proposal(None, (replace(bulkiest, quantity=min(_WHOLE, bulkiest.quantity)),))


def _taken(box: Box, items: Sequence[Item]) -> list[Item]:
    volume, weight = box.volume_mm3 * FILL, Decimal(box.most_weight_g - box.tare_g)
    taken = []
    for item in sorted(items, key=lambda each: -each.volume_mm3):
        count = _most(item, volume, weight) if _goes_in(box, item) else Decimal(0)
        if count > 0:
            taken.append(replace(item, quantity=count))
            volume -= count * item.volume_mm3
            weight -= count * (item.weight_g or 0)
    return taken


def _most(item: Item, volume: Decimal, weight: Decimal) -> Decimal:
    """Return how many of ``item`` find room in so much volume and weight, whole ones only."""
    most = item.quantity
    if item.volume_mm3:
        most = min(most, _floor(volume / item.volume_mm3))
    if item.weight_g:
        most = min(most, _floor(weight / item.weight_g))
    return most


def _floor(value: Decimal) -> Decimal:
    return value.quantize(_WHOLE, rounding=ROUND_DOWN)


def _without(items: Sequence[Item], taken: Iterable[Item]) -> list[Item]:
    gone = {item.key: item.quantity for item in taken}
    less = (replace(item, quantity=item.quantity - gone.get(item.key, 0)) for item in items)
    return [item for item in less if item.quantity > 0]


def expected_g(tare_g: int, items: Iterable[Item]) -> int | None:
    """Return what a carton with ``items`` weighs; None where the weight of one is not known."""
    weight = Decimal(tare_g)
    for item in items:
        if item.weight_g is None:
            return None
        weight += item.quantity * item.weight_g
    return ceil(weight)


def weigh(expected: int, measured: int) -> Weighed:
    """Compare the scales with what is expected: 3 per cent may differ, and always 50 g."""
    tolerance = max(LEAST_TOLERANCE_G, ceil(expected * TOLERANCE))
    return Weighed(measured - expected, tolerance)
