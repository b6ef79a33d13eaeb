"""The way of a page to its readers: review, schedule, publication, archive."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from portal.accounts.access import User
from portal.core import clock, events
from portal.core.db import db, transaction
from portal.core.errors import FieldError, Invalid, PortalError
from portal.core.i18n import lazy as _l
from portal.core.i18n import speaking
from portal.pages import fulltext
from portal.pages.events import (
    PageArchived,
    PagePublished,
    PageScheduled,
    PageSentBack,
    PageSubmitted,
    PageUnscheduled,
)
from portal.pages.models import Page, PageRedirect, PageVersion
from portal.pages.rules import content as contents
from portal.pages.rules import lifecycle
from portal.pages.service.writing import about, settle, standing

NOTE = 1000  # characters of what a reviewer asks for


def submit(page: Page, newest: PageVersion, *, by: User, dead: list[FieldError]) -> None:
    """Send the newest version to review; ``dead`` names its links that lead nowhere.

    Raises Invalid unless it is complete in one language and its links lead somewhere, Refused
    and Forbidden by the lifecycle. Records PageSubmitted.
    """
    state = _advance(page, newest, "submit", by)
    errors = contents.check_ready(page.kind, contents.of(newest)) + dead
    if errors:
        raise Invalid(_l("Please check what you entered"), errors)
    _stand(page, state)
    page.review_note = None
    events.record(PageSubmitted(actor_id=by.person_id, **about(page)))


def send_back(page: Page, newest: PageVersion, note: str, *, by: User) -> None:
    """Ask the writer for changes; raises Invalid without a ``note``. Records PageSentBack."""
    state = _advance(page, newest, "send_back", by)
    if not note.strip():
        sentence = _l("Say what should be changed.")
        raise Invalid(sentence, [FieldError("note", sentence)])
    _stand(page, state)
    page.review_note = note.strip()[:NOTE]
    _reviewed(page, by)
    events.record(PageSentBack(actor_id=by.person_id, **about(page)))


def schedule(page: Page, newest: PageVersion, at: datetime | None, *, by: User) -> None:
    """Have the newest version published at an instant to come. Records PageScheduled."""
    state = _advance(page, newest, "schedule", by)
    page.publish_at = lifecycle.moment_to_publish(at, clock.now())
    _stand(page, state)
    _reviewed(page, by)
    events.record(
        PageScheduled(actor_id=by.person_id, publish_at=page.publish_at.isoformat(), **about(page))
    )


def unschedule(page: Page, newest: PageVersion, *, by: User) -> None:
    """Take the newest version off the schedule. Records PageUnscheduled."""
    _stand(page, _advance(page, newest, "unschedule", by))
    page.publish_at = None
    events.record(PageUnscheduled(actor_id=by.person_id, **about(page)))


def publish(page: Page, newest: PageVersion, *, by: User | None) -> None:
    """Let everybody read the newest version; ``by`` None is the schedule.

    Its settings count from now on; an address that changes leads on. Raises Refused and
    Forbidden by the lifecycle, Invalid when another page took the address. Records
    PagePublished.
    """
    state = _advance(page, newest, "publish", by)
    at, old_slug = clock.now(), page.slug
    settle(page, newest.settings)
    _lead_on(page, old_slug)
    _stand(page, state)
    page.publish_at = None
    page.shown_number = newest.number
    page.shown_at = page.shown_at or at
    newest.published_at = at
    if by is not None:
        _reviewed(page, by)
    db.session.flush()
    fulltext.change(page.id, contents.of(newest).as_row(), on=db.session.connection())
    languages = tuple(newest.languages.split())
    actor = by.person_id if by else None
    events.record(PagePublished(actor_id=actor, languages=languages, **about(page)))


def archive(page: Page, newest: PageVersion, *, by: User | None) -> None:
    """Show the page no more; its versions stay. ``by`` None: the clock. Records PageArchived."""
    _stand(page, _advance(page, newest, "archive", by))
    page.shown_number = None
    page.publish_at = None
    fulltext.forget(page.id, on=db.session.connection())
    events.record(PageArchived(actor_id=by.person_id if by else None, **about(page)))


def run_due() -> int:
    """Publish what is due and archive notices whose time is over; return how many.

    Each in a transaction of its own. What cannot be published goes back to its writer with the
    reason, so that nothing is tried for ever.
    """
    done = 0
    while (page_id := _next_due()) is not None:
        with transaction():
            done += _publish_due(page_id)
    while (page_id := _next_over()) is not None:
        with transaction():
            page = _locked(page_id)
            archive(page, _newest(page), by=None)
        done += 1
    return done


def _next_due() -> int | None:
    query = select(Page.id).where(Page.state == "scheduled", Page.publish_at <= clock.now())
    return _found(query.order_by(Page.publish_at, Page.id).limit(1))


def _next_over() -> int | None:
    """Return a notice that is over; one with a newer version under way waits for its writer."""
    query = select(Page.id).where(
        Page.kind == "notice", Page.state == "published", Page.valid_until <= clock.now()
    )
    return _found(query.limit(1))


def _found(query: Any) -> int | None:
    found = db.session.scalar(query)
    db.session.commit()  # ends the read: what follows sees the present
    return found


def _publish_due(page_id: int) -> int:
    page = _locked(page_id)
    if page.state != "scheduled" or page.publish_at is None or page.publish_at > clock.now():
        return 0  # another worker was here first
    try:
        with db.session.begin_nested():
            publish(page, _newest(page), by=None)
    except PortalError as refused:
        db.session.refresh(page)
        _give_back(page, refused)
    return 1


def _give_back(page: Page, refused: PortalError) -> None:
    with speaking(None):
        reasons = [str(error.message) for error in refused.errors] or [str(refused)]
    _stand(page, lifecycle.State.DRAFT)
    page.publish_at = None
    page.review_note = " ".join(reasons)
    events.record(PageSentBack(actor_id=None, **about(page)))


def _locked(page_id: int) -> Page:
    query = select(Page).where(Page.id == page_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def _newest(page: Page) -> PageVersion:
    query = select(PageVersion).where(
        PageVersion.page_id == page.id, PageVersion.number == page.newest_number
    )
    return db.session.scalars(query).one()


def _advance(page: Page, newest: PageVersion, verb: str, by: User | None) -> lifecycle.State:
    at = standing(page, newest.made_by_id)
    if by is None:
        return lifecycle.advance(at, verb, by=None, may=lambda _right: True)
    return lifecycle.advance(at, verb, by=by.person_id, may=by.may)


def _stand(page: Page, state: lifecycle.State) -> None:
    page.state = state
    page.changed_at = clock.now()


def _reviewed(page: Page, by: User) -> None:
    page.reviewer_id, page.reviewed_at = by.person_id, clock.now()


def _lead_on(page: Page, old_slug: str) -> None:
    """Let the old address of a published page lead to it; its new one leads nowhere else."""
    db.session.execute(
        delete(PageRedirect).where(PageRedirect.kind == page.kind, PageRedirect.slug == page.slug)
    )
    if page.shown_at is None or old_slug == page.slug:
        return
    known = update(PageRedirect).where(
        PageRedirect.kind == page.kind, PageRedirect.slug == old_slug
    )
    if not db.session.execute(known.values(page_id=page.id).returning(PageRedirect.id)).first():
        at = clock.now()
        db.session.add(PageRedirect(kind=page.kind, slug=old_slug, page_id=page.id, made_at=at))
