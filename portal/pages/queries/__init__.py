"""Reads of pages: what is published, what the desk works on, and the measured figures."""

from portal.pages.queries.measured import (
    charts,
    figures,
    further_paths,
    lanes,
    place,
    provide,
    provide_charts,
    provide_lanes,
    provide_paths,
    provide_place,
)
from portal.pages.queries.named import figures_named
from portal.pages.queries.published import (
    children,
    moved_to,
    notices,
    publications_of,
    published,
    published_list,
    render_blocks,
    search_pages,
    sitemap,
)
from portal.pages.queries.shapes import Block, Head, Item, Picture, Shown
from portal.pages.queries.state import state

__all__ = [
    "Block",
    "Head",
    "Item",
    "Picture",
    "Shown",
    "charts",
    "children",
    "figures",
    "figures_named",
    "further_paths",
    "lanes",
    "moved_to",
    "notices",
    "place",
    "provide",
    "provide_charts",
    "provide_lanes",
    "provide_paths",
    "provide_place",
    "publications_of",
    "published",
    "published_list",
    "render_blocks",
    "search_pages",
    "sitemap",
    "state",
]
