"""What badges are called: ``forum_profile.badge`` holds one as ``helpful:2``, kind and level.

They are awarded by the club (``portal.club.points``); a post shows its author's best one.
"""

from portal.core.i18n import lazy as _l

NAMES = {
    "first": _l("First answer"),
    "helpful": _l("Found helpful"),
    "answers": _l("Finds answers"),
    "handover": _l("On-time handovers"),
    "notice": _l("Accurate notices"),
    "reader": _l("Reader"),
    "year": _l("Years here"),
}
_COMMA = _l(", ")
GRADES = (_l("bronze"), _l("silver"), _l("gold"))


def text_of(code: str | None) -> str:
    """Return what is written beside an author: ``Accurate notices, gold``; "" for no badge."""
    kind, _colon, level = (code or "").partition(":")
    if kind not in NAMES or not level.isdigit() or not 1 <= int(level) <= len(GRADES):
        return ""
    return f"{NAMES[kind]}{_COMMA}{GRADES[int(level) - 1]}"
