"""Pure rules of accounts."""

import re
from typing import Any

from portal.core.i18n import lazy as _l

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
