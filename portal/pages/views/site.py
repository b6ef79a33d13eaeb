"""The centre's own pages: home, the windows that are written, and every page below them."""

from collections.abc import Hashable
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from portal.core import i18n, kept
from portal.pages import queries
from portal.pages.friends import queries as friends
from portal.pages.rules.kinds import ROOTS, path_of

bp = Blueprint("pages", __name__)
NEWS_AT_HOME, ARTICLES_AT_HOME, LINKS_AT_HOME = 5, 3, 12
Answer = str | Response


@bp.record_once
def _keep_home(state: Any) -> None:
    """Keep the first page for visitors until something of it changes, a minute at most."""
    kept.page(state.app, "/", kept.Way("/", _shown_at_home, is_packed=True))


def _shown_at_home(_name: str) -> Hashable:
    return queries.state(), friends.state()


@bp.get("/")
def home() -> str:
    """Show what the centre does, how well, and where to track."""
    tag = i18n.tag()
    links = friends.listed(tag)
    return render_template(
        "pages/home.html",
        figures=queries.figures(),
        lanes=queries.lanes(),
        charts=queries.charts(),
        services=queries.published_list("service", tag).items,
        news=queries.published_list("news", tag, limit=NEWS_AT_HOME).items,
        partners=friends.shown_partners(links),
        friends=[link for group in links for link in group.links if not link.logo][:LINKS_AT_HOME],
        articles=queries.published_list("article", tag, limit=ARTICLES_AT_HOME).items,
    )


@bp.get("/about")
def about() -> Answer:
    """Introduce the centre."""
    return show("page", "about")


@bp.get("/procurement")
def procurement() -> Answer:
    """Say how the centre buys, and how a supplier offers."""
    return show("page", "procurement")


@bp.get("/enterprise")
def enterprise() -> Answer:
    """Say what members and staff find behind their sign-in."""
    return show("page", "enterprise")


@bp.get("/payment")
def payment() -> Answer:
    """Say by which ways one pays the centre."""
    return show("page", "payment")


@bp.get("/contact")
def contact() -> Answer:
    """Show every way to reach the centre."""
    return show("page", "contact", "pages/contact.html")


@bp.get("/<any(about, procurement, enterprise, payment, contact, process, links):root>/<slug>")
def below(root: str, slug: str) -> Answer:
    """Show a page that stands below one of the windows."""
    return show("page", slug)


@bp.get("/pages/<slug>")
def other(slug: str) -> Answer:
    """Show a page that stands in no window."""
    return show("page", slug)


@bp.get("/notices/<slug>")
def notice(slug: str) -> Answer:
    """Show a notice while it is valid."""
    return show("notice", slug)


def show(kind: str, slug: str, template: str = "pages/show.html", **more: Any) -> Answer:
    """Return a published page, or the way to where it is now.

    A page of ROOTS that nobody has published yet is shown with its name and the ways on, since
    the windows lead there. Any other is not there (404).
    """
    found = queries.published(kind, slug, i18n.tag())
    if found is None:
        return _elsewhere(kind, slug) or _bare(kind, slug, template, **more)
    if found.path != request.path:
        return redirect(found.path, 301)
    below = queries.children("page", slug, i18n.tag()) if kind == "page" else []
    siblings = queries.children("page", found.parent.slug, i18n.tag()) if found.parent else []
    return render_template(template, shown=found, below=below, siblings=siblings, **more)


def _elsewhere(kind: str, slug: str) -> Response | None:
    path = queries.moved_to(kind, slug)
    return redirect(path, 301) if path and path != request.path else None


def _bare(kind: str, slug: str, template: str, **more: Any) -> str:
    if kind != "page" or slug not in ROOTS or path_of(kind, slug) != request.path:
        abort(404)
    return render_template(template, shown=None, below=[], siblings=[], **more)
