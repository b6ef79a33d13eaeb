"""How pages for strangers are answered: no session is begun, no search engine keeps them."""

from typing import Any

from flask import Response, make_response, render_template, request
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from portal.consignments.shown.way import way_by_places
from portal.core.errors import Forbidden
from portal.core.i18n import lazy as _l
from portal.tracking import queries, rules
from portal.tracking.views.words import WORDS


def page(template: str, status: int = 200, *, is_secret: bool = False, **values: Any) -> Response:
    """Return a page of tracking.

    ``is_secret``: it shows more than a number alone does, or its address is a key; nothing
    keeps a copy and the address is told to nobody.
    """
    html = render_template(template, **WORDS, csrf_token=form_token, **values)
    answer = make_response(html, status)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Cache-Control"] = "no-store" if is_secret else "private, no-cache"
    answer.headers.add("Vary", "Cookie")
    if is_secret:
        answer.headers["Referrer-Policy"] = "strict-origin"
    return answer


def way(consignment: Any, *, shows_everything: bool) -> dict[str, Any]:
    """Return what ``tracking/_way.html`` shows: with places and masked people, or with cities."""
    events = queries.happened(consignment)
    entries = rules.entries(consignment, events, shows_everything=shows_everything)
    return {
        "consignment": consignment,
        "marks": rules.marks(consignment, events),
        "entries": entries,
        "stops": way_by_places(consignment, entries, is_full=shows_everything),
        "city": queries.city_of(consignment),
        "masked_name": rules.masked_name(consignment.consignee_name),
        "shows_everything": shows_everything,
    }


def form_token() -> str:
    """Return the token of the frame's forms; visitors have none, and so need no session."""
    return generate_csrf() if current_user.is_authenticated else ""


def refuse_foreign() -> None:
    """Refuse forms that a browser sends for another site. Raises Forbidden."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site")
    if origin not in (None, "null") and origin.partition("://")[2] != request.host:
        raise Forbidden(_l("This request came from another site."))
    if site not in (None, "same-origin", "none"):
        raise Forbidden(_l("This request came from another site."))
