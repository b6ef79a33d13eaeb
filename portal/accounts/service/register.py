"""Notes about companies and saved views of their list, as the centre's people keep them."""

from typing import Any

from sqlalchemy import delete, func, select

from portal.accounts.events import CompanyNoted
from portal.accounts.models import Company, CompanyNote, DefaultView, SavedView
from portal.accounts.rules.companies import MAX_NOTE, MAX_VIEW_NAME, MAX_VIEWS
from portal.accounts.service.companies import new_ref
from portal.core import clock, events
from portal.core.db import db
from portal.core.errors import FieldError, Forbidden, Invalid, Refused
from portal.core.i18n import lazy as _l


def write_note(company: Company, text: str, *, by: int) -> CompanyNote:
    """Add a note. Raises Invalid for one without words or too long. Records CompanyNoted."""
    note = CompanyNote(
        ref=new_ref("N"),
        company_id=company.id,
        person_id=by,
        text=_said(text),
        is_pinned=False,
        created_at=clock.now(),
    )
    db.session.add(note)
    _tell(company, note, "written", by)
    return note


def edit_note(company: Company, note: CompanyNote, text: str, *, by: int) -> None:
    """Change one's own note. Raises Forbidden for others', Invalid as above.

    Records CompanyNoted.
    """
    if note.person_id != by:
        raise Forbidden(_l("Only who wrote a note can change it."))
    if note.text != (said := _said(text)):
        note.text, note.edited_at = said, clock.now()
        _tell(company, note, "edited", by)


def pin_note(company: Company, note: CompanyNote, pinned: bool, *, by: int) -> None:
    """Let a note stand first, or no longer. Records CompanyNoted."""
    if note.is_pinned != pinned:
        note.is_pinned = pinned
        _tell(company, note, "pinned" if pinned else "unpinned", by)


def _said(text: str) -> str:
    said = "".join(c for c in text if c.isprintable() or c == "\n").strip()
    if not said or len(said) > MAX_NOTE:
        sentence = _l("Write a note of up to %(most)s characters.", most=MAX_NOTE)
        raise Invalid(sentence, [FieldError("text", sentence)])
    return said


def _tell(company: Company, note: CompanyNote, action: str, by: int) -> None:
    noted = CompanyNoted(
        actor_id=by, company_id=company.id, ref=company.ref, note=note.ref, action=action
    )
    events.record(noted)


def save_view(page: str, name: str, query: str, *, shared: bool, by: int) -> SavedView:
    """Keep conditions under a name; one's own view of that name gets the new ones.

    Raises Invalid for a name that is empty or too long, Refused beyond MAX_VIEWS.
    """
    called = _called(name)
    view = db.session.scalar(_mine(page, by).where(SavedView.name == called))
    if view is None:
        counted = select(func.count()).select_from(_mine(page, by).subquery())
        if (db.session.scalar(counted) or 0) >= MAX_VIEWS:
            raise Refused(_l("You have %(most)s views. Delete one first.", most=MAX_VIEWS))
        view = SavedView(
            ref=new_ref("V"), page=page, person_id=by, name=called, created_at=clock.now()
        )
        db.session.add(view)
    view.query, view.is_shared = query, shared
    db.session.flush()
    return view


def _mine(page: str, person_id: int) -> Any:
    return select(SavedView).where(SavedView.page == page, SavedView.person_id == person_id)


def _called(name: str) -> str:
    called = " ".join("".join(c for c in name if c.isprintable()).split())
    if not called or len(called) > MAX_VIEW_NAME:
        sentence = _l("Give the view a name of up to %(most)s characters.", most=MAX_VIEW_NAME)
        raise Invalid(sentence, [FieldError("name", sentence)])
    return called


def change_view(view: SavedView, name: str, *, shared: bool) -> None:
    """Rename a view, share it or keep it to oneself; who opens with it then opens with all.

    Raises Invalid for a name that is empty, too long, or that of another of one's views.
    """
    called = _called(name)
    same = _mine(view.page, view.person_id).where(SavedView.name == called, SavedView.id != view.id)
    if db.session.scalar(same) is not None:
        sentence = _l("Another of your views has this name.")
        raise Invalid(sentence, [FieldError("name", sentence)])
    view.name, view.is_shared = called, shared
    if not shared:
        others = DefaultView.person_id != view.person_id
        db.session.execute(delete(DefaultView).where(DefaultView.view_id == view.id, others))


def delete_view(view: SavedView) -> None:
    """Delete a view; who opened the list with it, opens it with all from now on."""
    db.session.execute(delete(DefaultView).where(DefaultView.view_id == view.id))
    db.session.delete(view)


def open_with(page: str, view: SavedView | None, *, by: int) -> None:
    """Let a list open with a view for a person; None: with all of it."""
    default = db.session.get(DefaultView, (by, page))
    if view is None:
        if default is not None:
            db.session.delete(default)
        return
    if default is None:
        default = DefaultView(person_id=by, page=page)
        db.session.add(default)
    default.view_id = view.id


def default_query(page: str, person_id: int) -> str | None:
    """Return the conditions with which a list opens for a person; None: with all of it."""
    return db.session.scalar(
        select(SavedView.query)
        .join(DefaultView, DefaultView.view_id == SavedView.id)
        .where(DefaultView.person_id == person_id, DefaultView.page == page)
    )
