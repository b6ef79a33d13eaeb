"""What everybody may fetch: how we count, and the files of what is shown."""

from flask import Blueprint, Response, render_template, send_file
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from portal.core import files
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.promotion.queries import campaigns, roster
from portal.promotion.rules import chance, counting
from portal.promotion.rules.zones import ZONES

bp = Blueprint("ads", __name__)
#: An animation runs, and that is all: it reaches neither the page nor the net.
FRAME_POLICY = (
    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; "
    "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
KEPT_S = 24 * 3600


@bp.get("/advertising")
def counting_page() -> str:
    """Say to advertisers and readers how advertisements are shown and counted."""
    return render_template(
        "promotion/counting.html",
        csrf_token=_form_token,
        zones=ZONES.values(),
        rules=counting,
        reasons=counting.REASONS,
        least=chance.LEAST,
    )


def _form_token() -> str:
    """Return the token of the frame's forms; visitors have none, and so need no session."""
    return str(generate_csrf()) if current_user.is_authenticated else ""


@bp.get("/advertising/files/<key>")
def file(key: str) -> Response:
    """Send a picture, video or sound of a creative."""
    media_type = _media_type(key)
    if media_type is None or media_type == campaigns.HTML:
        raise _missing()
    return _sent(key, media_type)


@bp.get("/advertising/frames/<key>")
def frame(key: str) -> Response:
    """Send an animation, shut into its frame by its own policy."""
    if _media_type(key) != campaigns.HTML:
        raise _missing()
    return _sent(key, campaigns.HTML)


def _media_type(key: str) -> str | None:
    """Return what a file is, if it is shown now or the reader works on campaigns."""
    card = roster.now().files.get(key)
    if card is not None:
        return campaigns.media_type_of(card, key)
    if current_user.may("ads.manage") or current_user.may("ads.approve"):
        return campaigns.media_type_for(current_user, key)
    return None


def _sent(key: str, media_type: str) -> Response:
    path = files.path(key)
    if not path.is_file():
        raise _missing()
    answer = send_file(path, mimetype=media_type, conditional=True, etag=key, max_age=KEPT_S)
    answer.headers["Cache-Control"] = f"private, max-age={KEPT_S}, immutable"
    return answer


def _missing() -> NotFound:
    return NotFound(_l("That file is not there any more."))
