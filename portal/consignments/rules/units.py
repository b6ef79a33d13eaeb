"""Units of quantity: UN/ECE Recommendation 20 and 21 codes, and what people call them."""

from portal.core.i18n import lazy as _l

#: Codes of things counted one by one; beside a number they need no word.
EACH = frozenset({"C62", "EA", "H87"})
UNIT_TEXT = {
    "CT": _l("ctn"),
    "BX": _l("boxes"),
    "PX": _l("pallets"),
    "PF": _l("pallets"),
    "BG": _l("bags"),
    "RO": _l("rolls"),
    "PK": _l("packs"),
    "PA": _l("packs"),
    "SET": _l("sets"),
    "PR": _l("pairs"),
    "KGM": _l("kg"),
    "LTR": _l("l"),
    "MTR": _l("m"),
}


def unit_text(code: str) -> str:
    """Return the word of a unit beside a number: empty for pieces, the code if we have none."""
    return "" if code in EACH else str(UNIT_TEXT.get(code, code))
