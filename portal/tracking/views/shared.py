"""What a share link opens."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, current_app, request, url_for

from portal.core import limits
from portal.core.db import write
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.tracking import queries, service
from portal.tracking.views.answers import page, way
from portal.tracking.views.public import bp


@bp.get("/s/<token>")
def shared(token: str) -> Response:
    """Show the consignment of a share link, as precisely as the link allows."""
    limits.spend("lookup")
    try:
        link = queries.link_by_token(token)
    except NotFound:
        return page("tracking/closed.html", 404, is_secret=True)
    answer = page("tracking/shared.html", is_secret=True, token=token, **_way(link, token))
    if request.method == "GET":  # not those who only look whether there is something
        answer.call_on_close(_counting(current_app._get_current_object(), link.id))  # type: ignore[attr-defined]
    return answer


def _counting(app: Flask, link_id: int) -> Callable[[], None]:
    """Return what counts an opening once the page is on its way: nobody waits for the disk."""

    def count() -> None:
        with app.app_context():
            write(lambda on: service.count_opening(link_id, on=on))

    return count


def _way(link: Any, token: str) -> dict[str, Any]:
    consignment = queries.by_number(link.no)
    return way(consignment, shows_everything=link.precision == "full") | {
        "proof_said": _("By link"),
        "closing": "tracking/_by_link.html",
        "link": link,
        "fragment": url_for("tracking.shared_timeline", token=token),
    }


@bp.get("/s/<token>/timeline")
def shared_timeline(token: str) -> Response:
    """Return the part of the shared page that changes."""
    way = _way(queries.link_by_token(token), token)
    return page("tracking/_way.html", is_secret=True, is_live=True, **way)
