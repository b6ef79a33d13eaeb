"""Writing courses and books: always in a version that nobody has read yet."""

from typing import Any

from sqlalchemy import select

from portal.accounts.access import User
from portal.core import clock, events
from portal.core.db import db
from portal.core.errors import FieldError, Invalid, Refused
from portal.core.i18n import lazy as _l
from portal.learning.events import WorkWritten
from portal.learning.models import Work, WorkVersion
from portal.learning.rules import content as contents
from portal.learning.rules import lifecycle
from portal.learning.rules.content import Content
from portal.learning.rules.lifecycle import Standing, State
from portal.pages.rules.kinds import check_slug


def create(
    kind: str, slug: str, content: Content, *, topic: str, position: int = 0, by: User | None
) -> Work:
    """Make a course or book as a draft.

    Raises Invalid for an address that is taken or cannot be one. Records WorkWritten.
    """
    if errors := check_slug(slug):
        raise Invalid(errors[0].message, errors)
    if db.session.scalar(select(Work.id).where(Work.kind == kind, Work.slug == slug)):
        sentence = _l("Another one has this address already.")
        raise Invalid(sentence, [FieldError("slug", sentence)])
    at = clock.now()
    work = Work(
        kind=kind,
        slug=slug,
        topic=topic,
        position=position,
        state=State.DRAFT,
        newest_number=1,
        shown_number=None,
        shown_at=None,
        writers=[by.person_id] if by else [],
        review_note=None,
        created_at=at,
        changed_at=at,
    )
    db.session.add(work)
    db.session.flush()
    db.session.add(_version(work, 1, content, by))
    db.session.flush()
    _written(work, "all", by)
    return work


def change(
    work: Work, content: Content, *, edition: int, part: str, by: User | None
) -> WorkVersion:
    """Keep ``content`` as the newest version; ``part`` says what of it was changed.

    A version that was published stays: the change goes into a new one. Raises Refused where
    somebody else has saved since ``edition``. Records WorkWritten.
    """
    newest = newest_of(work)
    if newest.edition != edition:
        raise Refused(
            _l("Somebody else saved a change meanwhile. Open it anew, and make yours again.")
        )
    work.state = lifecycle.advance(standing(work), "write", **_who(by))
    if newest.published_at is None:
        _say(newest, content)
        newest.edition += 1
        newest.made_by_id, newest.made_at = _id(by), clock.now()
        work.writers = sorted({*work.writers, by.person_id}) if by else work.writers
    else:
        newest = _version(work, work.newest_number + 1, content, by, edition=newest.edition + 1)
        db.session.add(newest)
        work.newest_number = newest.number
        work.writers = [by.person_id] if by else []
    work.changed_at = clock.now()
    db.session.flush()
    _written(work, part, by)
    return newest


def sort_in(work: Work, *, topic: str, position: int) -> None:
    """Put a work under a topic and into its place; this counts at once."""
    work.topic, work.position = topic, position


def newest_of(work: Work) -> WorkVersion:
    """Return the newest version of a work."""
    query = select(WorkVersion).where(
        WorkVersion.work_id == work.id, WorkVersion.number == work.newest_number
    )
    return db.session.scalars(query).one()


def standing(work: Work) -> Standing:
    """Return what decides about a work."""
    return Standing(State(work.state), work.shown_number is not None, frozenset(work.writers))


def _version(
    work: Work, number: int, content: Content, by: User | None, *, edition: int = 1
) -> WorkVersion:
    version = WorkVersion(
        work_id=work.id,
        number=number,
        edition=edition,
        made_by_id=_id(by),
        made_at=clock.now(),
        published_by_id=None,
        published_at=None,
    )
    _say(version, content)
    return version


def _say(version: WorkVersion, content: Content) -> None:
    version.texts = content.texts
    version.parts = content.parts
    version.questions = content.questions
    version.settings = contents.settings(**content.settings)


def _written(work: Work, part: str, by: User | None) -> None:
    events.record(
        WorkWritten(
            actor_id=_id(by), kind=work.kind, slug=work.slug, number=work.newest_number, part=part
        )
    )


def _id(by: User | None) -> int | None:
    return by.person_id if by else None


def _who(by: User | None) -> dict[str, Any]:
    return {"by": _id(by), "may": by.may if by else lambda _right: True}
