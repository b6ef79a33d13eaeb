"""News and service notices."""

from flask import Blueprint, render_template, request

from portal.core import i18n
from portal.pages import queries
from portal.pages.views.site import Answer, show

bp = Blueprint("news", __name__)
ON_A_PAGE = 12


@bp.get("/news")
def index() -> str:
    """List the news, newest first, and the notices that are valid now."""
    tag = i18n.tag()
    return render_template(
        "pages/news.html",
        page=queries.published_list("news", tag, request.args.get("after"), ON_A_PAGE),
        notices=queries.published_list("notice", tag, limit=ON_A_PAGE).items,
    )


@bp.get("/news/<slug>")
def detail(slug: str) -> Answer:
    """Show one item, and what else is new."""
    latest = queries.published_list("news", i18n.tag(), limit=6).items
    others = [other for other in latest if other.slug != slug][:5]
    return show("news", slug, "pages/news_item.html", others=others)
