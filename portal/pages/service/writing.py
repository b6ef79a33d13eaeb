"""Writing pages: each save is a version of its own, and none is ever changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from portal.accounts.access import User
from portal.core import clock, events
from portal.core.db import db
from portal.core.errors import FieldError, Invalid, Refused
from portal.core.i18n import lazy as _l
from portal.pages import fulltext
from portal.pages.events import PageDeleted, PageWritten
from portal.pages.models import Page, PageRedirect, PageVersion
from portal.pages.rules import content as contents
from portal.pages.rules import lifecycle
from portal.pages.rules.content import Content
from portal.pages.rules.lifecycle import Standing, State

NOTE = 300  # characters


class Overtaken(Refused):
    """Somebody else saved a newer version meanwhile; nothing was written."""


def create(kind: str, content: Content, *, by: User | None, note: str | None = None) -> Page:
    """Keep a new page with its first version; ``by`` None: the centre itself.

    Raises Invalid for what could never be shown. Records PageWritten.
    """
    _refuse(contents.check(kind, content))
    at = clock.now()
    page = Page(
        kind=kind,
        places=[],
        state=State.DRAFT,
        newest_number=1,
        author_id=by.person_id if by else None,
        created_at=at,
        changed_at=at,
        lacks=" ".join(content.lacks),
    )
    settle(page, content.settings)
    db.session.add(page)
    db.session.flush()
    _append(page, content, by=by, note=note)
    return page


def write(
    page: Page,
    content: Content,
    *,
    base: int,
    writer_id: int | None,
    by: User,
    note: str | None = None,
) -> None:
    """Keep a newer version of ``page``; ``base`` is the version that its writer began from.

    ``writer_id`` wrote the newest version. Raises Overtaken when another version is the newest
    by now, Refused and Forbidden by the lifecycle, Invalid for what could never be shown.
    Records PageWritten.
    """
    if base != page.newest_number:
        raise Overtaken(_l("Somebody else has saved this page while you were writing."))
    state = lifecycle.advance(standing(page, writer_id), "write", by=by.person_id, may=by.may)
    _refuse(contents.check(page.kind, content))
    page.state = state
    page.newest_number += 1
    page.changed_at = clock.now()
    page.lacks = " ".join(content.lacks)
    if page.shown_number is None:
        settle(page, content.settings)
    _append(page, content, by=by, note=note)


def standing(page: Page, writer_id: int | None) -> Standing:
    """Return what decides about a page whose newest version ``writer_id`` wrote."""
    return Standing(State(page.state), page.shown_number is not None, writer_id)


def settle(page: Page, settings: dict[str, Any]) -> None:
    """Let the settings of a version be those of its page.

    Raises Invalid when another page has the address, or stands above itself.
    """
    _refuse(_check_place(page, settings))
    page.slug = settings["slug"]
    page.parent_id = settings["parent_id"]
    page.position = settings["position"]
    page.window = settings["window"]
    page.places = settings["places"]
    page.valid_from = _instant(settings["valid_from"])
    page.valid_until = _instant(settings["valid_until"])


def _check_place(page: Page, settings: dict[str, Any]) -> list[FieldError]:
    found = []
    same = select(Page.id).where(Page.kind == page.kind, Page.slug == settings["slug"])
    with db.session.no_autoflush:
        other = db.session.scalar(same)
        parent = settings["parent_id"] and db.session.get(Page, settings["parent_id"])
    if other is not None and other != page.id:
        found.append(FieldError("slug", _l("Another page has this address already.")))
    if settings["parent_id"] and not _may_stand_below(page, parent):
        found.append(FieldError("parent", _l("Choose another page, of the same kind.")))
    return found


def _may_stand_below(page: Page, parent: Any) -> bool:
    """Return whether ``parent`` may be above a page: no page is above what is above it."""
    if parent is None or parent.kind != page.kind or parent.id == page.id:
        return False
    return parent.parent_id is None  # two levels suffice for addresses that people remember


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _append(page: Page, content: Content, *, by: User | None, note: str | None) -> None:
    db.session.add(
        PageVersion(
            page_id=page.id,
            number=page.newest_number,
            **content.as_row(),
            note=(note or "")[:NOTE] or None,
            made_by_id=(actor := by.person_id if by else None),
            made_at=clock.now(),
        )
    )
    events.record(PageWritten(actor_id=actor, **about(page)))


def about(page: Page) -> dict[str, Any]:
    """Return the fields of an event of a page."""
    return {
        "company_id": None,
        "page_id": page.id,
        "kind": page.kind,
        "slug": page.slug,
        "number": page.newest_number,
    }


def remove(page: Page, *, by: User) -> None:
    """Let a draft vanish that was never published; raises Refused otherwise.

    Records PageDeleted.
    """
    lifecycle.may_delete(standing(page, None), page.shown_at is not None)
    db.session.execute(delete(PageVersion).where(PageVersion.page_id == page.id))
    db.session.execute(delete(PageRedirect).where(PageRedirect.page_id == page.id))
    fulltext.forget(page.id, on=db.session.connection())
    db.session.delete(page)
    events.record(PageDeleted(actor_id=by.person_id, **about(page)))


def _refuse(errors: list[FieldError]) -> None:
    if errors:
        raise Invalid(_l("Please check what you entered"), errors)
