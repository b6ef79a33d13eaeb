"""The blueprint of the applicant's pages, and how it knows whose application is meant.

Applicants have no account and need no session: a cookie of its own, or the key in a mailed link,
opens one application. A form that was open while the session ended is kept all the same.
"""

from flask import Blueprint, Response, make_response, request
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import Forbidden
from portal.core.i18n import gettext as _
from portal.core.i18n import is_secure
from portal.membership import keys
from portal.membership.models import Application
from portal.membership.queries import applications

bp = Blueprint("apply", __name__)
COOKIE = "application"
KEPT_S = 90 * 24 * 3600
Answer = str | AnyResponse | tuple[str, int]


@bp.before_request
def refuse_foreign() -> None:
    """Refuse forms that another site sends: these pages have no session to carry a token in."""
    if request.method != "POST":
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin", "null")
    is_foreign = origin != "null" and origin.partition("://")[2] != request.host
    if site in ("cross-site", "same-site") or (site is None and is_foreign):
        raise Forbidden(_("This request came from another site."))


@bp.after_request
def keep_private(response: Response) -> Response:
    """Keep what an applicant wrote out of caches and search engines."""
    if request.endpoint != "apply.index":
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def cookie() -> tuple[str, str]:
    """Return reference and key of the application that this browser filled last."""
    ref, _colon, key = request.cookies.get(COOKIE, "").partition(":")
    return ref, key


def key_for(ref: str) -> str:
    """Return the key that this request brings for ``ref``: in its address, else in the cookie."""
    kept_ref, kept = cookie()
    return request.values.get("key", "") or (kept if kept_ref == ref else "")


def application(ref: str, *, lock: bool = False) -> Application:
    """Return the application that this browser may open.

    Raises NotFound alike for an unknown reference and a missing or wrong key.
    """
    return applications.opened(ref, key_for(ref), lock=lock)


def remembered(answer: Answer, of: Application) -> Response:
    """Return an answer that lets this browser open the application without the link."""
    response = make_response(answer)
    response.set_cookie(
        COOKIE,
        f"{of.ref}:{keys.key_of(of)}",
        max_age=KEPT_S,
        path="/apply",
        httponly=True,
        samesite="Lax",
        secure=is_secure(),
    )
    return response


def begun() -> Application | None:
    """Return the application that this browser has begun, if it is still there."""
    ref, key = cookie()
    return applications.find_opened(ref, key) if ref else None
