"""What the public pages show of the running business, handed up by the features that know it."""

from collections.abc import Callable
from typing import Any

#: Each gives figures: {label, value, unit, sample, period, promise}.
_sources: list[Callable[[], list[dict[str, Any]]]] = []


def provide(source: Callable[[], list[dict[str, Any]]]) -> None:
    """Let ``source()`` add measured figures to the public pages."""
    _sources.append(source)


def figures() -> list[dict[str, Any]]:
    """Return all measured figures, in the order of their sources."""
    return [figure for source in _sources for figure in source()]
