"""Rules of places: kinds of locations, codes, what fits into one, blocks by pattern."""

from portal.warehousing.sites.rules.fitting import EMPTY, Load, check_fits, fits, load_of
from portal.warehousing.sites.rules.kinds import (
    ALLOCATABLE,
    BARCODE_PREFIX,
    DOCK_KINDS,
    KINDS,
    STORED,
    as_code,
    barcode,
    is_code,
)

__all__ = [
    "ALLOCATABLE",
    "BARCODE_PREFIX",
    "DOCK_KINDS",
    "EMPTY",
    "KINDS",
    "STORED",
    "Load",
    "as_code",
    "barcode",
    "check_fits",
    "fits",
    "is_code",
    "load_of",
]
