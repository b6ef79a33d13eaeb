"""Reading the versions of the questions."""

from collections.abc import Sequence

from sqlalchemy import select

from portal.accounts.access import User
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.membership.models import Application, Questionnaire
from portal.membership.rules.questions import Version, starter


def current_row() -> Questionnaire | None:
    """Return the published version; None where a centre has never had one."""
    return db.session.scalar(
        select(Questionnaire)
        .where(Questionnaire.state == "published")
        .order_by(Questionnaire.version.desc())
        .limit(1)
    )


def current() -> Version:
    """Return the questions of a new application: those with which a centre begins, if need be."""
    row = current_row()
    return Version(1, starter()) if row is None else Version(row.version, row.content)


def version_of(application: Application) -> Version:
    """Return the questions that an application answers."""
    row = db.session.get_one(Questionnaire, application.questionnaire_id)
    return Version(row.version, row.content)


def versions_for(user: User) -> Sequence[Questionnaire]:
    """Return all versions, newest first, to those who may edit the questions."""
    if not user.may("applications.questions"):
        return []
    return db.session.scalars(select(Questionnaire).order_by(Questionnaire.version.desc())).all()


def version_for(user: User, number: int, *, lock: bool = False) -> Questionnaire:
    """Return one version.

    Raises NotFound for numbers unknown, and where the right to edit questions is missing.
    """
    wanted = select(Questionnaire).where(Questionnaire.version == number)
    found = None
    if user.may("applications.questions") and number < 2**31:
        found = db.session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise NotFound(_l("There is no such version of the questions."))
    return found
