"""Kinds of locations and docks; how codes and barcodes are written."""

import re

from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext

#: Kind of a location → what it is called.
KINDS = {
    "receive": _l("Receiving"),
    "reserve": _l("Reserve"),
    "pick": lazy_pgettext("location", "Picking"),
    "stage": _l("Staging"),
    "dock": _l("Dock"),
    "hold": lazy_pgettext("location", "Hold"),
    "return": _l("Returns"),
}
#: Kinds in which goods are stored: their zone must be of the goods' storage class.
STORED = frozenset({"reserve", "pick"})
#: Kinds whose goods may be promised to orders, in the order in which they are taken.
ALLOCATABLE = ("pick", "reserve", "receive")
#: What a dock serves → what it is called.
DOCK_KINDS = {
    "in": _l("Goods in"),
    "out": _l("Goods out"),
    "both": _l("Goods in and out"),
}
#: Prefix of the barcodes of locations: no GTIN, SSCC or reference of ours begins like it.
BARCODE_PREFIX = "L-"
_CODE = re.compile(r"[A-Z0-9](?:[A-Z0-9.-]{0,18}[A-Z0-9])?")


def barcode(warehouse: str, location: str) -> str:
    """Return what is scanned at a location, such as ``L-HZ1-B07-14-3``."""
    return f"{BARCODE_PREFIX}{warehouse}-{location}"


def is_code(text: str) -> bool:
    """Return whether ``text`` may be the code of a warehouse, zone, location or dock.

    1 to 20 capital letters, digits, dots and dashes: what Code 128 and people read.
    """
    return _CODE.fullmatch(text) is not None


def as_code(typed: str) -> str:
    """Return a code as it is kept, whatever case it was typed or scanned in."""
    return typed.strip().upper()
