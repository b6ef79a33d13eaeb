"""The kinds of goods, and what people call them."""

from portal.core.i18n import lazy as _l

#: How single pieces are told apart: code → what it is called.
LOT_POLICIES = {
    "none": _l("Not told apart"),
    "lot": _l("By lot"),
    "serial": _l("By serial number"),
}
#: Where goods may be stored: code → what it is called.
STORAGE_CLASSES = {
    "ambient": _l("Ambient"),
    "chilled": _l("Chilled"),
    "frozen": _l("Frozen"),
    "hazardous": _l("Dangerous goods"),
    "bonded": _l("Bonded"),
    "valuable": _l("Valuable"),
}
#: How goods are packed, from the base unit up: code → what it is called.
LEVELS = {
    "each": _l("Each"),
    "inner": _l("Inner"),
    "case": _l("Case"),
    "pallet": _l("Pallet"),
}
BASE_LEVEL = "each"
#: Base units by UN/ECE Recommendation 20 and 21, and what they are called.
UNITS = {
    "C62": _l("pcs"),
    "SET": _l("sets"),
    "PR": _l("pairs"),
    "BX": _l("boxes"),
    "BG": _l("bags"),
    "RO": _l("rolls"),
    "PK": _l("packs"),
    "KGM": _l("kg"),
    "LTR": _l("l"),
    "MTR": _l("m"),
}
#: Of these there may be parts; of all others there are whole ones only.
DIVISIBLE = frozenset({"KGM", "LTR", "MTR"})


def unit_text(code: str) -> str:
    """Return the word of a base unit beside a number; the code itself if we have none."""
    return str(UNITS.get(code, code))


def level_text(code: str) -> str:
    """Return the word of a level of packing."""
    return str(LEVELS.get(code, code))
