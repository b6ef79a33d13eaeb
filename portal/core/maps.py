"""Settings of maps: our own base map, or tiles of the host that ``MAP_TILES_URL`` names."""

import re
from urllib.parse import urlsplit

from flask import Flask, current_app

#: Endpoints whose page shows a map, and so may load pictures from the host of the tiles.
MAPPED = frozenset(
    {
        "addresses.locate",
        "consignments.detail",
        "consignments.locate",
        "consignments_desk.detail",
        "consignments_desk.locate",
        "map.index",
        "pages.contact",
        "pages.home",
        "tracking.one",
        "tracking.shared",
    }
)


def init_app(app: Flask) -> None:
    """Tell the templates of ``app`` where tiles come from."""
    app.jinja_env.globals["map_tiles"] = tiles


def tiles() -> tuple[str, str] | None:
    """Return the address of the tiles and whom to name for them; None: our own base map."""
    url = current_app.config["MAP_TILES_URL"]
    return (url, current_app.config["MAP_ATTRIBUTION"]) if url else None


def sources(endpoint: str | None) -> str:
    """Return what the pictures of this endpoint's page may come from, beside ourselves."""
    url = current_app.config["MAP_TILES_URL"]
    return f" {_source(url)}" if url and endpoint in MAPPED else ""


def _source(url: str) -> str:
    """Return scheme and host of an address; ``{s}`` stands for any name before the domain."""
    parts = urlsplit(re.sub(r"\{s\}", "*", url))
    return f"{parts.scheme}://{parts.netloc}"
