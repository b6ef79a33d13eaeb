"""Pure rules of accounts."""

import re
from typing import Any

from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext

#: Lifecycle of a company → what it is called.
STANDINGS = {
    "member": _l("Member"),
    "suspended": _l("Suspended"),
    "prospect": _l("Prospect"),
    "applied": _l("Applied"),
    "in_review": _l("In review"),
    "info_requested": _l("Asked for more"),
    "refused": lazy_pgettext("company", "Refused"),
    "closed": lazy_pgettext("company", "Closed"),
}
#: The first that matches names it: Edge and Opera also say Chrome, Chrome also says Safari.
BROWSERS = (
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("Opera", r"OPR/"),
    ("微信", r"MicroMessenger/"),
    ("QQ", r"QQBrowser/"),
    ("Firefox", r"(?:Firefox|FxiOS)/"),
    ("Chrome", r"(?:Chrome|CriOS)/"),
    ("Safari", r"Safari/"),
)
SYSTEMS = (
    ("HarmonyOS", r"HarmonyOS|OpenHarmony"),
    ("Android", r"Android"),
    ("iOS", r"iPhone|iPad"),
    ("Windows", r"Windows"),
    ("macOS", r"Macintosh"),
    ("Linux", r"Linux|X11"),
)


def browser_name(user_agent: str | None) -> Any:
    """Return what a person calls a browser, such as ``Firefox · Windows``."""
    found = [_first(table, user_agent or "") for table in (BROWSERS, SYSTEMS)]
    named = [name for name in found if name]
    return " · ".join(named) if named else _l("Unknown browser")


def _first(table: tuple[tuple[str, str], ...], text: str) -> str | None:
    return next((name for name, pattern in table if re.search(pattern, text)), None)


def plain(text: str) -> str:
    """Return ``text`` without characters that no reference has and no database takes."""
    return "".join(c for c in text if c.isprintable())
