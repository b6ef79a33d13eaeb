"""What is reached without a sign-in: pictures of pages, and drafts by a signed link."""

from flask import Blueprint, Response, abort, render_template, request

from portal.core import files, i18n
from portal.core.errors import NotFound
from portal.core.i18n import TAGS
from portal.core.i18n import gettext as _
from portal.pages import shown
from portal.pages.queries import desk as queries
from portal.pages.rules import content as contents

media_bp = Blueprint("media", __name__)
preview_bp = Blueprint("preview", __name__)
YEAR_S = 365 * 24 * 3600
shown.equip(media_bp)


@media_bp.get("/<key>-<int:width>.jpg")
def picture(key: str, width: int) -> Response:
    """Send a picture in the smallest width that is at least ``width``; it never changes."""
    found = queries.find_picture(key)
    if found is None:
        abort(404)
    file = found.files[_fitting(found.files, width)]
    if request.if_none_match.contains(file["sha256"]):
        return _lasting(Response(status=304), file["sha256"])
    answer = Response(files.read(file["key"]), mimetype="image/jpeg")
    return _lasting(answer, file["sha256"])


def _fitting(kept: dict[str, object], width: int) -> str:
    widths = sorted(map(int, kept))
    return str(next((one for one in widths if one >= width), widths[-1]))


def _lasting(answer: Response, etag: str) -> Response:
    answer.set_etag(etag)
    answer.headers["Cache-Control"] = f"public, max-age={YEAR_S}, immutable"
    return answer


@preview_bp.get("/<token>")
def page(token: str) -> Response:
    """Show the newest version of a page to whoever has the link, while the link lasts."""
    page_id = shown.previewed(token)
    found = None if page_id is None else queries.page_by_id(page_id)
    if found is None:
        raise NotFound(_("This preview link is over. Ask for a new one."))
    newest = queries.version_of(found)
    content = contents.of(newest)
    locale = i18n.tag()
    lang = locale if content.texts.get(locale, {}).get("title") else _spoken(content)
    draft = queries.shown_draft(found, newest.number, content, lang)
    html = render_template("pages/preview.html", shown=draft, version=newest)
    return Response(
        html, headers={"X-Robots-Tag": "noindex, nofollow", "Cache-Control": "no-store"}
    )


def _spoken(content: contents.Content) -> str:
    return queries.title_of(content.texts, i18n.tag())[1] or TAGS[0]
