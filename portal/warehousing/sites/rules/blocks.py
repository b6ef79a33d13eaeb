"""Blocks of racks: many locations from one pattern, such as ``B{07-12}-{01-24}-{1-5}``.

A pattern has up to three ranges. The last of three counts levels, the one before it bays, the
first aisles; of two there are aisles and bays, of one bays. ``{07-12}`` counts 07, 08 … 12,
``{A-F}`` letters.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from portal.core.errors import FieldError, Invalid
from portal.core.i18n import lazy as _l
from portal.warehousing.sites.rules.kinds import is_code

MOST = 20_000  # locations of one block
MOST_RANGES = 3
_RANGE = re.compile(r"\{([0-9]{1,4}|[A-Z])-([0-9]{1,4}|[A-Z])\}")


@dataclass(frozen=True, kw_only=True)
class Block:
    """What a block is made from. Lengths in decimetres, weights in grams, volumes in mm³.

    ``low_kind`` is of the locations up to ``low_levels``, ``high_kind`` of those above. ``along``:
    whether a rack runs to the right (``x``) or down (``y``) on the plan; ``gap_dm``: from one rack
    to the next.
    """

    pattern: str
    low_kind: str = "pick"
    high_kind: str = "reserve"
    low_levels: int = 2
    first_level: int = 1
    x_dm: int = 0
    y_dm: int = 0
    along: str = "x"
    bay_dm: int = 28
    depth_dm: int = 11
    gap_dm: int = 32
    most_weight_g: int | None = None
    most_volume_mm3: int | None = None
    single_sku: bool = False
    single_lot: bool = False


@dataclass(frozen=True)
class Bin:
    """One location of a block: its code, and where it is (counted from 0, levels from 1)."""

    code: str
    aisle: int
    bay: int
    level: int


@dataclass(frozen=True)
class Ranges:
    """A pattern taken apart: the texts around its ranges, and what each range counts."""

    texts: Sequence[str]
    values: Sequence[Sequence[str]] = field(default_factory=tuple)

    @property
    def count(self) -> int:
        """How many codes there are."""
        total = 1
        for each in self.values:
            total *= len(each)
        return total


def parse(pattern: str) -> Ranges:
    """Return the ranges of a pattern.

    Raises Invalid for a pattern without ranges or with more than three, for ranges that count
    nothing, for codes that nobody could scan, and for more than MOST locations.
    """
    parts = _RANGE.split(pattern.strip().upper())
    texts, firsts, lasts = parts[::3], parts[1::3], parts[2::3]
    if not firsts or any("{" in text or "}" in text for text in texts):
        raise _wrong(_l("Write ranges in braces, such as B{07-12}-{01-24}-{1-5}."))
    if len(firsts) > MOST_RANGES:
        raise _wrong(_l("At most three ranges: aisles, bays, levels."))
    found = Ranges(texts, [_counted(*ends) for ends in zip(firsts, lasts, strict=True)])
    if found.count > MOST:
        raise _wrong(_l("These are more than 20,000 locations. Make the block in parts."))
    if not is_code(_code(found, [values[-1] for values in found.values])):
        raise _wrong(_l("Codes have 1 to 20 capital letters, digits, dots and dashes."))
    return found


def _wrong(message: Any) -> Invalid:
    return Invalid(message, [FieldError("pattern", message)])


def _counted(first: str, last: str) -> list[str]:
    """Return what a range counts; numbers are as wide as its first one."""
    if first.isdigit() != last.isdigit():
        raise _wrong(_l("A range counts numbers or letters, such as {01-24} or {A-F}."))
    if first.isdigit():
        values = [f"{n:0{len(first)}d}" for n in range(int(first), int(last) + 1)]
    else:
        values = [chr(n) for n in range(ord(first), ord(last) + 1)]
    if not values:
        raise _wrong(_l("A range counts upwards, such as {01-24}."))
    return values


def _code(ranges: Ranges, chosen: Sequence[str]) -> str:
    return "".join(text + value for text, value in zip(ranges.texts, [*chosen, ""], strict=True))


def bins(block: Block) -> Iterator[Bin]:
    """Yield the locations of a block in walking order: up one aisle and down the next.

    Within a bay from the floor up. Raises Invalid as ``parse``.
    """
    ranges = parse(block.pattern)
    aisles, bays, levels = _roles(ranges)
    for aisle in range(len(aisles)):
        order = range(len(bays))
        for bay in order if aisle % 2 == 0 else reversed(order):
            for level in range(len(levels)):
                chosen = [aisles[aisle], bays[bay], levels[level]]
                code = _code(ranges, [value for value in chosen if value is not None])
                has_levels = levels[0] is not None
                yield Bin(code, aisle, bay, block.first_level + level if has_levels else 0)


def _roles(ranges: Ranges) -> tuple[Sequence[Any], Sequence[Any], Sequence[Any]]:
    """Return aisles, bays and levels; ``[None]`` where the pattern does not count them."""
    none: list[None] = [None]
    values = list(ranges.values)
    if len(values) == MOST_RANGES:
        return values[0], values[1], values[2]
    return (values[0], values[1], none) if len(values) == 2 else (none, values[0], none)


def kind_of(block: Block, bin_: Bin) -> str:
    """Return the kind of a location by its level; what has no levels lies low."""
    return block.low_kind if bin_.level <= block.low_levels else block.high_kind


def rectangle(block: Block, bin_: Bin) -> tuple[int, int, int, int]:
    """Return x, y, width and depth of a location on the plan, in decimetres.

    The levels of a bay have the same one.
    """
    on, across = bin_.bay * block.bay_dm, bin_.aisle * (block.depth_dm + block.gap_dm)
    if block.along == "x":
        return block.x_dm + on, block.y_dm + across, block.bay_dm, block.depth_dm
    return block.x_dm + across, block.y_dm + on, block.depth_dm, block.bay_dm


def codes(block: Block) -> list[str]:
    """Return the codes in the order of the pattern, for a preview."""
    ranges = parse(block.pattern)
    return [_code(ranges, chosen) for chosen in product(*ranges.values)]
