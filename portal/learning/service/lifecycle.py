"""The way of a course or book to its readers: review, publication, archive."""

from sqlalchemy import delete

from portal.accounts.access import User
from portal.core import clock, events
from portal.core.db import db
from portal.core.errors import FieldError, Invalid
from portal.core.i18n import lazy as _l
from portal.learning import fulltext
from portal.learning.events import WorkMoved
from portal.learning.models import ArticleTopic, Work, WorkVersion
from portal.learning.rules import content as contents
from portal.learning.rules import lifecycle
from portal.learning.service.writing import newest_of, standing

NOTE = 1000  # characters of what a reviewer asks for


def submit(work: Work, *, by: User | None) -> None:
    """Send the newest version to review.

    Raises Invalid, with every reason, unless it is complete in one language. Records WorkMoved.
    """
    state = _advance(work, "submit", by)
    if errors := contents.check_ready(work.kind, contents.of(newest_of(work))):
        raise Invalid(_l("Please check what you entered"), errors)
    work.review_note = None
    _move(work, state, by)


def send_back(work: Work, note: str, *, by: User) -> None:
    """Ask the writers for changes; raises Invalid without a ``note``. Records WorkMoved."""
    state = _advance(work, "send_back", by)
    if not note.strip():
        sentence = _l("Say what should be changed.")
        raise Invalid(sentence, [FieldError("note", sentence)])
    work.review_note = note.strip()[:NOTE]
    _move(work, state, by)


def publish(work: Work, *, by: User | None) -> WorkVersion:
    """Let everybody read the newest version. Records WorkMoved."""
    state, newest = _advance(work, "publish", by), newest_of(work)
    at = clock.now()
    newest.published_at = at
    newest.published_by_id = by.person_id if by else None
    work.shown_number = newest.number
    work.shown_at = work.shown_at or at
    _move(work, state, by)
    db.session.flush()
    fulltext.show_work(work.id, newest, on=db.session.connection())
    return newest


def archive(work: Work, *, by: User) -> None:
    """Show it no more; certificates stay valid. Records WorkMoved."""
    state = _advance(work, "archive", by)
    work.shown_number = None
    fulltext.forget_work(work.id, on=db.session.connection())
    _move(work, state, by)


def sort_article(page_id: int, topic: str) -> None:
    """List an article of the public pages under a topic."""
    db.session.execute(delete(ArticleTopic).where(ArticleTopic.page_id == page_id))
    db.session.add(ArticleTopic(page_id=page_id, topic=topic))


def _advance(work: Work, verb: str, by: User | None) -> lifecycle.State:
    if by is None:
        return lifecycle.advance(standing(work), verb, by=None, may=lambda _right: True)
    return lifecycle.advance(standing(work), verb, by=by.person_id, may=by.may)


def _move(work: Work, state: lifecycle.State, by: User | None) -> None:
    work.state, work.changed_at = state, clock.now()
    moved = WorkMoved(
        actor_id=by.person_id if by else None,
        kind=work.kind,
        slug=work.slug,
        state=state,
        number=work.newest_number,
    )
    events.record(moved)
