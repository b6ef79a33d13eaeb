"""Reads of pages: what is published, what the desk works on, and the measured figures."""

from portal.pages.queries.measured import (
    charts,
    figures,
    lanes,
    provide,
    provide_charts,
    provide_lanes,
)
from portal.pages.queries.named import figures_named
from portal.pages.queries.published import (
    Block,
    Head,
    Item,
    Picture,
    Shown,
    children,
    history_for,
    notices,
    published,
    published_list,
    redirect_for,
    render_blocks,
    search_pages,
    sitemap,
)

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
    "history_for",
    "lanes",
    "notices",
    "provide",
    "provide_charts",
    "provide_lanes",
    "published",
    "published_list",
    "redirect_for",
    "render_blocks",
    "search_pages",
    "sitemap",
]
