"""The catalogue of services."""

from flask import Blueprint, render_template

from portal.core import i18n
from portal.pages import queries
from portal.pages.views.site import Answer, show

bp = Blueprint("services", __name__)
MOST = 60


@bp.get("/services")
def index() -> str:
    """List the services with what each is for."""
    tag = i18n.tag()
    return render_template(
        "pages/services.html",
        shown=queries.published("page", "services", tag),
        services=queries.published_list("service", tag, limit=MOST).items,
    )


@bp.get("/services/<slug>")
def detail(slug: str) -> Answer:
    """Describe one service, with the others beside it."""
    others = queries.published_list("service", i18n.tag(), limit=MOST).items
    others = [other for other in others if other.slug != slug]
    return show("service", slug, "pages/service.html", others=others)
