"""Reading what belongs to an application that was authorised: answers, papers, review."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, select

from portal.accounts.models import Person
from portal.accounts.roles import STAFF_ROLES
from portal.accounts.rules import plain
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.membership.models import (
    Answer,
    Application,
    Ask,
    Change,
    Check,
    Consent,
    Move,
    Note,
    Paper,
)

Rows = Sequence[Any]


def answers_of(application: Application) -> dict[str, Any]:
    """Return key → value of what was answered so far."""
    rows = db.session.execute(
        select(Answer.key, Answer.value).where(Answer.application_id == application.id)
    )
    return {row.key: row.value for row in rows}


def papers_of(application: Application) -> Sequence[Paper]:
    """Return the papers that were not taken away again, in order."""
    return db.session.scalars(
        select(Paper)
        .where(Paper.application_id == application.id, Paper.removed_at.is_(None))
        .order_by(Paper.id)
    ).all()


def paper_of(application: Application, ref: str) -> Paper:
    """Return one paper of an application. Raises NotFound for any other."""
    found = db.session.scalar(
        select(Paper).where(
            Paper.application_id == application.id,
            Paper.ref == plain(ref)[:40],
            Paper.removed_at.is_(None),
        )
    )
    if found is None:
        raise NotFound(_l("That file is not there any more."))
    return found


def consents_of(application: Application) -> Mapping[tuple[str, str], Consent]:
    """Return (purpose, channel) → consent."""
    rows = db.session.scalars(
        select(Consent).where(Consent.application_id == application.id).order_by(Consent.id)
    )
    return {(each.purpose, each.channel): each for each in rows}


def _by(model: Any, application: Application) -> Select[Any]:
    """Select rows of the desk with ``who``: the name of the person who made them."""
    return (
        select(model.__table__, Person.name.label("who"))
        .outerjoin(Person, Person.id == model.by_id)
        .where(model.application_id == application.id)
        .order_by(model.id)
    )


def moves_of(application: Application) -> Rows:
    """Return the history, oldest first."""
    return db.session.execute(_by(Move, application)).all()


def notes_of(application: Application) -> Rows:
    """Return the notes of the staff, oldest first."""
    return db.session.execute(_by(Note, application)).all()


def asks_of(application: Application) -> Rows:
    """Return what was asked back, oldest first."""
    return db.session.execute(_by(Ask, application)).all()


def open_ask(application: Application) -> Ask | None:
    """Return what the applicant is asked for at present."""
    return db.session.scalar(
        select(Ask)
        .where(Ask.application_id == application.id, Ask.answered_at.is_(None))
        .order_by(Ask.id.desc())
        .limit(1)
    )


def checks_of(application: Application) -> dict[str, Any]:
    """Return key → the latest check of that answer."""
    return {row.key: row for row in db.session.execute(_by(Check, application))}


def changes_of(application: Application) -> dict[str, list[Change]]:
    """Return key → what was changed when asked, oldest first."""
    found: dict[str, list[Change]] = {}
    rows = db.session.scalars(
        select(Change).where(Change.application_id == application.id).order_by(Change.id)
    )
    for change in rows:
        found.setdefault(change.key, []).append(change)
    return found


def staff_with(*rights: str) -> list[tuple[int, str]]:
    """Return (id, name) of the centre's people who have all of ``rights``."""
    roles = [role for role, held in STAFF_ROLES.items() if set(rights) <= held]
    rows = db.session.execute(
        select(Person.id, Person.name).where(Person.staff_role.in_(roles)).order_by(Person.id)
    )
    return [(row.id, row.name) for row in rows]


def person_name(person_id: int | None) -> str:
    """Return the name of one of the centre's people; nothing for nobody."""
    found = db.session.get(Person, person_id) if person_id else None
    return found.name if found else ""
