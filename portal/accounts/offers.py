"""What a new member can be offered: tariffs, named by the part of the portal that has them."""

from collections.abc import Callable, Sequence
from typing import Any

#: Gives (key, name) of each tariff that a member can be given.
Source = Callable[[], Sequence[tuple[str, Any]]]
_sources: list[Source] = []


def provide(source: Source) -> None:
    """Let the tariffs that ``source`` gives be chosen when an application is approved."""
    if source not in _sources:
        _sources.append(source)


def tariffs() -> list[tuple[str, Any]]:
    """Return (key, name) of every tariff that can be given; none where nobody provides any."""
    return [offer for source in _sources for offer in source()]


def tariff_name(key: str | None) -> Any:
    """Return the name of a tariff; the key itself where nobody knows it any more."""
    return dict(tariffs()).get(key or "", key or "")
