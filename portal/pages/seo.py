"""What pages say about themselves to search engines, and the notices that concern a page."""

import time
from typing import Any

from flask import Flask, current_app, request

from portal.core import i18n
from portal.core.look import asset, centre
from portal.pages import queries
from portal.pages.queries import Head, Shown

#: Parts, and single pages of others, that search engines may list; every other page says not.
INDEXED = frozenset({"pages", "services", "news", "process", "learn", "estimate"})
INDEXED_PAGES = (
    "messages.index",
    "messages.new",
    "messages.call_me",
    "apply.index",
    "ask.index",
    "friendly_links.index",
    "friendly_links.propose",
)
#: Blueprint → where its pages are, for notices (rules.kinds.PLACES).
PLACE_OF = {
    "tracking": "track",
    "services": "services",
    "estimate": "services",
    "messages": "contact",
    "member": "member",
}
PLACE_OF_PAGE = {"pages.home": "home", "pages.contact": "contact"}
#: Seconds for which notices are not read anew: the number pages are everybody's.
KEPT_S = 20.0
_kept: dict[tuple[str, str, str], tuple[float, list[Shown]]] = {}


def init_app(app: Flask) -> None:
    """Give the templates of ``app`` what public pages say about themselves."""
    app.jinja_env.globals.update(
        notices_here=notices_here,
        is_indexed=is_indexed,
        public_url=public_url,
        organization=organization,
        article=article,
        breadcrumbs=breadcrumbs,
        where_we_are=queries.place,
    )


def is_indexed() -> bool:
    """Return whether search engines may list the page which is being made."""
    endpoint = request.endpoint or ""
    return endpoint in INDEXED_PAGES or endpoint.rpartition(".")[0] in INDEXED


def notices_here() -> list[Shown]:
    """Return the notices that concern the page which is being made, newest first."""
    endpoint = request.endpoint or ""
    place = PLACE_OF_PAGE.get(endpoint) or PLACE_OF.get(endpoint.partition(".")[0])
    return _notices(place) if place else []


def _notices(place: str) -> list[Shown]:
    key = (current_app.config["DATABASE_URL"], place, i18n.tag())
    at, found = _kept.get(key, (0.0, []))
    if current_app.testing or not at or time.monotonic() - at > KEPT_S:
        found = queries.notices(place, i18n.tag())
        _kept[key] = time.monotonic(), found
    return found


def public_url(path: str) -> str:
    """Return the full address of a path, as others may keep it."""
    return str(current_app.config["PUBLIC_URL"]).rstrip("/") + path


def organization() -> dict[str, Any]:
    """Return the centre as schema.org knows an organisation (JSON-LD)."""
    own = centre()
    return {
        "@context": "https://schema.org",
        "@type": "Organization",
        "name": own.name,
        "alternateName": own.short,
        "url": public_url("/"),
        "logo": public_url(asset("img/favicon.svg")),
        "telephone": own.phone,
        "email": own.email,
        "address": own.address,
    }


def article(shown: Head) -> dict[str, Any]:
    """Return a page as schema.org knows an article (JSON-LD)."""
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle" if shown.kind == "news" else "Article",
        "headline": shown.title[:110],
        "description": shown.description,
        "inLanguage": shown.lang,
        "datePublished": shown.shown_at.isoformat(),
        "dateModified": shown.changed_at.isoformat(),
        "mainEntityOfPage": public_url(shown.path),
        "publisher": {"@type": "Organization", "name": centre().name},
    }
    if shown.picture:
        found["image"] = public_url(shown.picture.src(1280))
    return found


def breadcrumbs(steps: list[tuple[str, str]]) -> dict[str, Any]:
    """Return the way to a page, (name, path) from the home page on, as JSON-LD."""
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": at, "name": name, "item": public_url(path)}
            for at, (name, path) in enumerate(steps, 1)
        ],
    }
