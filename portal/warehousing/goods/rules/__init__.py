"""Pure rules of goods: what they may be, how they are packed, what may still change."""

from portal.warehousing.goods.rules.kinds import (
    LEVELS,
    LOT_POLICIES,
    STORAGE_CLASSES,
    UNITS,
    level_text,
    unit_text,
)
from portal.warehousing.goods.rules.packing import counted, holds_of, in_base, packed

__all__ = [
    "LEVELS",
    "LOT_POLICIES",
    "STORAGE_CLASSES",
    "UNITS",
    "counted",
    "holds_of",
    "in_base",
    "level_text",
    "packed",
    "unit_text",
]
