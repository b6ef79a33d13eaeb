"""Writing a text: what it looks like, pictures in it, people named in it, kept while typed."""

from typing import Any

from flask import Response, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.accounts.access import User
from portal.core import files, i18n, limits, markdown
from portal.core.api import as_json
from portal.core.db import db, end_reading, write
from portal.core.errors import Invalid, NotFound, PortalError
from portal.core.i18n import gettext as _
from portal.forum.forms import EditForm, PostForm
from portal.forum.queries import drafts as kept
from portal.forum.queries import people, posts
from portal.forum.queries.pictures import picture_for
from portal.forum.rules import drafts as draft_rules
from portal.forum.rules import pictures as picture_rules
from portal.forum.rules import posts as rules
from portal.forum.service import drafts, pictures, writing
from portal.forum.views.blueprint import bp, check_voice, entered


def looked_at(text: str, user: User) -> str:
    """Return the HTML of a text of somebody, as it would be shown."""
    said = rules.without_numbers(markdown.clean(text[: rules.TEXT_MAX]))
    shown = pictures.shown_in(said, user.person_id, on=db.session.connection())
    return writing.html_of(said, shown)


def preview(form: PostForm, user: User) -> str | None:
    """Return what the keys of the editor ask for without publishing: the HTML, or "".

    None: the form is to be published. A picture that was handed in stands in the text then;
    what is wrong with it stands among the errors of the form.
    """
    act = request.form.get("act")
    if act not in ("preview", "picture"):
        return None
    try:
        if act == "picture":
            form.text.data = _with_picture(form.text.data or "", user)
        return looked_at(form.text.data or "", user)
    except PortalError as refusal:
        form.form_errors.append(str(refusal))
        return ""


def _with_picture(text: str, user: User) -> str:
    ref = _kept(user)
    shown = picture_rules.written(ref, request.form.get("alt", ""))
    return f"{text.rstrip()}\n\n{shown}\n".lstrip()


def _kept(user: User) -> str:
    check_voice(user)
    file = request.files.get("picture")
    data = file.read() if file else b""
    if not data:
        raise Invalid(_("Choose a picture first."))
    pictures.check_quota(user)
    limits.spend("picture", user.person_id)
    return pictures.keep(data, user)


@bp.post("/preview")
def show_preview() -> str:
    """Return the HTML of a text, for the editor."""
    user, _profile = entered()
    limits.spend("preview", user.person_id)
    return looked_at(request.form.get("text", ""), user)


@bp.post("/pictures")
def add_picture() -> Response:
    """Keep a picture for a text; say how the text names it."""
    user, _profile = entered()
    ref = _kept(user)
    shown = picture_rules.written(ref, request.form.get("alt", ""))
    url = url_for(".picture", ref=ref)
    return as_json({"ref": ref, "name": picture_rules.named(ref), "text": shown, "url": url}, 201)


@bp.get("/pictures/<ref>")
def picture(ref: str) -> Answer:
    """Show a picture to whoever may read the post that it stands in."""
    user, _profile = entered()
    found = picture_for(user, ref)
    answer = Response(files.read(found.key), mimetype="image/jpeg")
    answer.headers["Content-Disposition"] = "inline"
    answer.headers["Cache-Control"] = "private, no-cache"  # asked again: it may be hidden by then
    answer.set_etag(found.key)
    return answer.make_conditional(request)


@bp.get("/people")
def people_like() -> Response:
    """Name people whose handle or name begins so."""
    user, _profile = entered()
    limits.spend("preview", user.person_id)
    begun = markdown.clean(request.args.get("q", "")[:60]).strip()
    found = people.named_like(user, begun) if begun else []
    return as_json({"people": [{"handle": row.handle, "name": row.name} for row in found]})


@bp.post("/drafts")
def save_draft() -> Response:
    """Keep what somebody types."""
    user, _profile = entered()
    limits.spend("draft", user.person_id)
    about, name = request.form.get("about", ""), request.form.get("form_name") or None
    said: dict[str, Any] = request.form.to_dict()
    end_reading()
    row = write(lambda on: drafts.save(about, said, user.person_id, form_name=name, on=on))
    return as_json({"draft": row and _as_told(row)})


@bp.get("/drafts")
def draft_about() -> Response:
    """Return what somebody had typed in a place, perhaps on another device."""
    user, _profile = entered()
    about = draft_rules.check_about(request.args.get("about", ""))
    try:
        row = kept.draft_for(user, about=about)
    except NotFound:
        row = None
    return as_json({"draft": row and _as_told(row)})


def _as_told(row: Any) -> dict[str, Any]:
    return {
        "ref": row.ref,
        "said": row.said,
        "refused": row.refused,
        "saved": str(i18n.instant(row.saved_at)),
        "saved_at": row.saved_at.isoformat(),
    }


def continued(user: User, about: str) -> dict[str, Any]:
    """Return what stands in the draft that the address asks to go on with; else nothing."""
    ref = request.args.get("draft", "")
    if not ref or request.method != "GET":
        return {}
    row = kept.draft_for(user, ref=ref)
    if row.about != about:
        raise NotFound(_("There is no such draft."))
    return dict(row.said)


def refused(about: str, form: PostForm, refusal: PortalError, user: User) -> None:
    """Say why a text was not published, and keep it among the drafts of its author."""
    form.form_errors.append(str(refusal))
    said, why = request.form.to_dict(), str(refusal)
    end_reading()
    write(lambda on: drafts.save(about, said, user.person_id, refused=why, on=on))
    form.kept_draft = True


def meanwhile(topic: Any, no: int, form: EditForm, user: User) -> list[str] | None:
    """Return what somebody else has changed since the edit began, as differences; None: nothing.

    The form goes on from what the post says now, so that it can be sent again as it stands.
    """
    base, post = form.base.data, posts.post_for(user, topic, no)
    if base is None or base == post.version:
        return None
    older = (each.text for each in posts.revisions_for(user, topic, no) if each.version == base)
    form.base.data, form.base.raw_data = post.version, None
    return rules.differences(next(older, ""), post.text)
