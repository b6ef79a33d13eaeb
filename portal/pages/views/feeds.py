"""What machines read: the map of the site, what robots may visit, and the news as a feed."""

from datetime import UTC, datetime
from email.utils import format_datetime

from flask import Blueprint, Response, current_app, render_template, request, url_for

from portal.core import i18n
from portal.pages import queries
from portal.pages.seo import INDEXED_PAGES

bp = Blueprint("feeds", __name__)
#: Public pages that are not written but made by the portal, beside INDEXED_PAGES.
MADE = (
    "pages.home",
    "services.index",
    "process.index",
    "news.index",
    "estimate.index",
    "estimate.calculators",
    "learn.index",
    *INDEXED_PAGES,
)
IN_FEED = 30


@bp.get("/sitemap.xml")
def sitemap() -> Response:
    """List every public page in every language in which it can be read."""
    pages: dict[str, tuple[tuple[str, ...], datetime | None]] = {
        path: (tags, at) for path, tags, at in [*queries.sitemap(), *queries.further_paths()]
    }
    for endpoint in MADE:
        if endpoint in current_app.view_functions:
            pages.setdefault(url_for(endpoint), (i18n.TAGS, None))
    entries = [(path, tags, at) for path, (tags, at) in pages.items()]
    return _xml("pages/sitemap.xml", "application/xml", entries=entries, base=_base())


@bp.get("/news.xml")
def rss() -> Response:
    """Give the news in the reader's language as RSS 2.0."""
    news = queries.published_list("news", i18n.tag(), limit=IN_FEED).items
    return _xml("pages/rss.xml", "application/rss+xml", news=news, base=_base(), dated=_dated)


@bp.get("/robots.txt")
def robots() -> Response:
    """Keep robots to the pages that are written for everybody."""
    closed = ("/portal", "/desk", "/account", "/api/", "/s/", "/login", "/password", "/ad/")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    lines.append(f"Sitemap: {_base()}{url_for('feeds.sitemap')}")
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


def _base() -> str:
    return (current_app.config["PUBLIC_URL"] or request.host_url).rstrip("/")


def _dated(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC), usegmt=True)


def _xml(template: str, media_type: str, **values: object) -> Response:
    answer = Response(render_template(template, **values), mimetype=media_type)
    answer.headers["Cache-Control"] = "public, max-age=300"
    answer.vary.update(("Accept-Language", "Cookie"))  # by which the language is chosen
    return answer
