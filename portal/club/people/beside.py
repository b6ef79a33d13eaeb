"""What other parts of the club show on a profile, such as points: they lie above and register."""

from collections.abc import Callable, Mapping
from typing import Any

from portal.accounts.access import User

#: What a template shows of somebody (a card) to a reader; empty: nothing.
Showing = Callable[[User, Any], Mapping[str, Any]]
_parts: dict[str, tuple[str, Showing]] = {}


def provide(name: str, template: str, showing: Showing) -> None:
    """Let a part of the club have a section on profiles; the template gets ``shown``."""
    _parts[name] = (template, showing)


def sections_for(user: User, card: Any) -> list[tuple[str, Mapping[str, Any]]]:
    """Return (template, what it shows) of every part that has something to show of somebody."""
    found = ((template, showing(user, card)) for template, showing in _parts.values())
    return [(template, shown) for template, shown in found if shown]
