"""What the public pages show of the running business, handed up by the features that know it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

#: Each gives figures: {key, label, value, unit, sample, period, promise}; a figure without a
#: key of rules.blocks.FIGURES stands on the home page alone.
_sources: list[Callable[[], list[dict[str, Any]]]] = []
_charts: list[Callable[[], dict[str, Any] | None]] = []
_places: list[Callable[[], dict[str, Any] | None]] = []
_lanes: list[Callable[[], dict[str, Any] | None]] = []


def provide(source: Callable[[], list[dict[str, Any]]]) -> None:
    """Let ``source()`` add measured figures to the public pages."""
    _sources.append(source)


def provide_charts(source: Callable[[], dict[str, Any] | None]) -> None:
    """Let ``source()`` give the charts of the home page, {points, bars, period, sample}."""
    _charts.append(source)


def charts() -> dict[str, Any] | None:
    """Return the charts of the home page; None where there is too little to show."""
    return next((found for source in _charts if (found := source())), None)


def figures() -> list[dict[str, Any]]:
    """Return all measured figures, in the order of their sources."""
    return [figure for source in _sources for figure in source()]


def provide_lanes(source: Callable[[], dict[str, Any] | None]) -> None:
    """Let ``source()`` give the lanes of the home page, {centre, lanes}; None: there are none."""
    _lanes.append(source)


def lanes() -> dict[str, Any] | None:
    """Return where the centre delivers to, from the first source that knows."""
    return next((found for source in _lanes if (found := source())), None)


def provide_place(source: Callable[[], dict[str, Any] | None]) -> None:
    """Let ``source()`` say where the centre is, {name, lat, lon}; None: it is not found."""
    _places.append(source)


def place() -> dict[str, Any] | None:
    """Return where the centre is, from the first source that knows."""
    return next((found for source in _places if (found := source())), None)


#: Gives (path, languages, when it changed last) of public pages that another feature writes.
Paths = Callable[[], list[tuple[str, tuple[str, ...], datetime | None]]]
_paths: list[Paths] = []


def provide_paths(source: Paths) -> None:
    """Let the pages that ``source()`` names stand in the map of the site."""
    _paths.append(source)


def further_paths() -> list[tuple[str, tuple[str, ...], datetime | None]]:
    """Return the public pages of all sources."""
    return [found for source in _paths for found in source()]
