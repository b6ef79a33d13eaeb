"""Ways from an order to what lies above it: its consignment, its papers."""

from collections.abc import Callable, Mapping

from flask import url_for

from portal.core.links import with_query

_ways: dict[str, Callable[[str], str | None]] = {}


def provide(kind: str, way: Callable[[str], str | None]) -> None:
    """Let ``way(number)`` say where a thing of ``kind`` (consignment) is shown; None: nowhere."""
    _ways[kind] = way


def consignment(no: str | None) -> str | None:
    """Return where a consignment is shown to who asks; None: nowhere."""
    way = _ways.get("consignment")
    return way(no) if way is not None and no else None


def address(endpoint: str, args: Mapping[str, str], **more: str) -> str:
    """Return the address of a list with these conditions, and some more parameters."""
    return with_query(url_for(endpoint), {**args, **more}.items())
