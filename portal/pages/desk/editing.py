"""The editor: one form that carries a whole page in three languages.

Adding, moving and removing blocks happens to what the form holds, not to what is kept, so it
needs neither JavaScript nor a save, and nothing typed is lost.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from portal.core import i18n
from portal.core.db import transaction
from portal.core.errors import FieldError, Invalid, PortalError, Refused
from portal.core.i18n import TAGS
from portal.core.i18n import gettext as _
from portal.pages import forms
from portal.pages.desk.blueprint import PREVIEW_SHOWN, bp, user
from portal.pages.forms import Draft
from portal.pages.models import Page
from portal.pages.queries import desk as queries
from portal.pages.rules import content as contents
from portal.pages.rules import differences, lifecycle
from portal.pages.rules.blocks import FIGURES, TYPES
from portal.pages.rules.content import HEAD, Content
from portal.pages.rules.kinds import KINDS, LANGUAGE_NAMES, PLACES, WINDOWS
from portal.pages.service import pictures, writing
from portal.pages.shown import leads_somewhere, with_known_pictures

Answer = str | Response | tuple[str, int]
ALL = "all"
#: Pages that a button is most often made to lead to.
_LABELS: dict[str, Any] = {
    "slug": differences.SETTINGS["slug"],
    "parent": differences.SETTINGS["parent_id"],
    "window": differences.SETTINGS["window"],
    "places": differences.SETTINGS["places"],
    "valid_from": differences.SETTINGS["valid_from"],
    "valid_until": differences.SETTINGS["valid_until"],
    **{f"{tag}-{one.name}": one.label for tag in TAGS for one in HEAD},
}
OFTEN = ("/services", "/estimate", "/apply", "/track", "/messages/new", "/contact", "/learn")


@bp.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Write a new page; ``?kind=`` says what it is."""
    kind = request.args.get("kind", "page")
    kind = kind if kind in KINDS else "page"
    if request.method == "GET":
        return _editor(None, kind, Draft(contents.empty(kind)))
    return _handle(None, kind, contents.settings())


@bp.route("/<int:page_id>", methods=["GET", "POST"])
def edit(page_id: int) -> Answer:
    """Show and change the newest version of a page."""
    page = queries.page_for(user(), page_id)
    newest = queries.version_of(page)
    if request.method == "GET":
        return _editor(page, page.kind, Draft(contents.of(newest), newest.number))
    return _handle(page, page.kind, newest.settings)


@bp.post("/preview")
def preview() -> str:
    """Show the form's page in one language, as a part of the editor."""
    kind = request.form.get("kind", "page")
    draft = forms.read(request.form, contents.settings())
    return _previewed(kind if kind in KINDS else "page", draft.content, _language())


def with_errors(page_id: int, errors: list[FieldError]) -> str:
    """Show the newest version with what keeps it from its next step."""
    page = queries.page_for(user(), page_id)
    newest = queries.version_of(page)
    return _editor(page, page.kind, Draft(contents.of(newest), newest.number, errors=errors))


def _handle(page: Page | None, kind: str, settings: dict[str, Any]) -> Answer:
    draft = forms.read(request.form, settings)
    _take_pictures(draft)
    asked = request.form.get("act", "save")
    if asked == "save":
        return _save(page, kind, draft)
    draft.content = forms.act(draft.content, asked)
    return _editor(page, kind, draft)


def _take_pictures(draft: Draft) -> None:
    """Keep the pictures that came with the form, so that they survive whatever else is wrong."""
    for name, file in forms.uploads(request.files):
        try:
            with transaction():
                kept = pictures.keep(file.read(), by_id=user().person_id)
        except PortalError as error:
            draft.errors.append(FieldError(name, str(error)))
        else:
            draft.content = forms.with_picture(draft.content, name, kept)


def _save(page: Page | None, kind: str, draft: Draft) -> Answer:
    draft.errors += with_known_pictures(draft.content) + _dead_buttons(draft.content)
    if draft.errors:
        return _editor(page, kind, draft), Invalid.status
    try:
        page_id = _kept(page, kind, draft)
    except writing.Overtaken as error:
        return _conflict(page, kind, draft, error)
    except (Invalid, Refused) as error:
        draft.errors += error.errors or [FieldError("", error)]
        return _editor(page, kind, draft), error.status
    flash(_("Saved. Readers see it once it is published."), "good")
    # The address tells the browser that its own copy of the draft is not needed any more.
    return redirect(
        url_for(".edit", page_id=page_id, tab=_tab(), saved="yes" if page else "new"), 303
    )


def _kept(page: Page | None, kind: str, draft: Draft) -> int:
    with transaction():
        if page is None:
            return writing.create(kind, draft.content, by=user(), note=draft.note).id
        page = queries.page_for(user(), page.id, lock=True)
        writer_id = queries.version_of(page).made_by_id
        writing.write(
            page, draft.content, base=draft.base, writer_id=writer_id, by=user(), note=draft.note
        )
        return page.id


def _dead_buttons(content: Content) -> list[FieldError]:
    """Return an error for each button that leads nowhere; links in texts wait for the review."""
    return [
        FieldError(name, _("There is no page at %(path)s.", path=value))
        for name, one, _tag, value in contents.controls(content)
        if one.kind == "path" and value and contents.is_path(value) and not _leads(value)
    ]


def _leads(value: str) -> bool:
    return leads_somewhere(value.partition("?")[0].partition("#")[0])


def _conflict(page: Page | None, kind: str, draft: Draft, error: PortalError) -> Answer:
    """Show both versions; a further save puts this one above the other, which stays."""
    assert page is not None  # noqa: S101 - a new page cannot be overtaken
    page = queries.page_for(user(), page.id)
    theirs = queries.version_of(page)
    changes = differences.between(contents.of(theirs), draft.content)
    draft.base = theirs.number
    conflict = {
        "error": str(error),
        "number": theirs.number,
        "writer": queries.name_of(theirs.made_by_id),
        "at": theirs.made_at,
        "changes": changes,
    }
    return _editor(page, kind, draft, conflict=conflict), writing.Overtaken.status


def _editor(
    page: Page | None, kind: str, draft: Draft, conflict: Mapping[str, Any] | None = None
) -> str:
    standing = _standing(page) if page else {}
    language = _language()
    return render_template(
        "pages/desk/edit.html",
        page=page,
        kind=kind,
        kinds=KINDS,
        draft=draft,
        content=draft.content,
        lacking={tag: {m.field for m in contents.lacking(draft.content, tag)} for tag in TAGS},
        types=TYPES,
        head=HEAD,
        tags=TAGS,
        language_names=LANGUAGE_NAMES,
        control=contents.control,
        parents=queries.parents(kind, page.id if page else None, i18n.tag()),
        placenames=PLACES,
        figures=FIGURES,
        numbers=WINDOWS,
        often=[path for path in OFTEN if leads_somewhere(path)],
        local_text=forms.local_text,
        error_items=_error_items(draft),
        conflict=conflict,
        tab=_tab(),
        language=language,
        preview=_previewed(kind, draft.content, language),
        saved=request.args.get("saved"),
        is_typed=request.method == "POST" and request.endpoint != "pages_desk.move",
        **standing,
    )


def _error_items(draft: Draft) -> list[tuple[str, str]]:
    """Return (control, sentence) of what is wrong, each with the name of its field in front."""
    names = dict(_LABELS)
    for name, one, tag, _value in contents.controls(draft.content):
        names[name] = f"{one.label} {LANGUAGE_NAMES[tag]}" if tag else one.label
    said = [(error.field, names.get(error.field), str(error.message)) for error in draft.errors]
    return [(name, f"{label}{_(': ')}{text}" if label else text) for name, label, text in said]


def _standing(page: Page) -> dict[str, Any]:
    """Return what the page's bar says: who wrote it and what may be done now."""
    newest = queries.version_of(page)
    at = writing.standing(page, newest.made_by_id)
    by = user()
    verbs = lifecycle.possible(at, by=by.person_id, may=by.may)
    return {
        "newest": newest,
        "writer": queries.name_of(newest.made_by_id),
        "reviewer": queries.name_of(page.reviewer_id),
        "verbs": verbs,
        "own_work": newest.made_by_id == by.person_id and page.state == "in_review",
        "states": lifecycle.STATE_NAMES,
        "link": _new_link(page),
        "public_path": queries.public_path(page),
        "may_delete": page.shown_at is None and page.state in ("draft", "in_review"),
    }


def _new_link(page: Page) -> tuple[str, datetime] | None:
    """Return the preview link that was just made for this page, and until when it lasts."""
    made = session.get(PREVIEW_SHOWN)
    if not made or made[0] != page.id:
        return None
    session.pop(PREVIEW_SHOWN)
    return made[1], datetime.fromisoformat(made[2])


def _previewed(kind: str, content: Content, language: str) -> str:
    page = Page(kind=kind, shown_at=None)
    shown = queries.shown_draft(page, 0, content, language)
    return render_template("pages/desk/_preview.html", shown=shown)


def _language() -> str:
    """Return the language of the preview: the one whose tab is open, or was written in last."""
    asked = request.values.get("language") or request.values.get("tab")
    return asked if asked in TAGS else i18n.tag()


def _tab() -> str:
    asked = request.values.get("tab", ALL)
    return asked if asked in TAGS else ALL
