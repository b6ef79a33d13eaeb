"""Versions of the questions: the first, a draft of the next, publishing it."""

import copy
from typing import Any

from sqlalchemy import func, select, update

from portal.core import clock, events
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.membership.events import QuestionnairePublished
from portal.membership.models import Questionnaire
from portal.membership.rules.questions import starter


def ensure_current() -> Questionnaire:
    """Return the published version, held; a centre's first one is made when it is first needed."""
    found = db.session.scalar(
        select(Questionnaire)
        .where(Questionnaire.state == "published")
        .order_by(Questionnaire.version.desc())
        .limit(1)
    )
    if found is not None:
        return found
    first = _version(starter(), by=None)
    first.state, first.published_at = "published", first.created_at
    db.session.flush()
    return first


def _version(content: dict[str, Any], *, by: int | None) -> Questionnaire:
    highest = db.session.scalar(select(func.max(Questionnaire.version))) or 0
    made = Questionnaire(
        version=highest + 1,
        state="draft",
        content=copy.deepcopy(content),
        edited_by_id=by,
        created_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    return made


def draft(*, by: int) -> Questionnaire:
    """Return the draft of the next version: the one there is, else a copy of the present one."""
    found = db.session.scalar(
        select(Questionnaire).where(Questionnaire.state == "draft").with_for_update()
    )
    return found or _version(ensure_current().content, by=by)


def change(questionnaire: Questionnaire, content: dict[str, Any], *, by: int) -> None:
    """Give a draft other questions. Raises Refused for a version that was published."""
    _check_draft(questionnaire)
    questionnaire.content, questionnaire.edited_by_id = content, by


def discard(questionnaire: Questionnaire) -> None:
    """Throw a draft away. Raises Refused for a version that was published."""
    _check_draft(questionnaire)
    db.session.delete(questionnaire)


def publish(questionnaire: Questionnaire, note: str, *, by: int) -> None:
    """Let new applications answer this version; running ones keep theirs.

    Raises Refused for what is no draft. Records QuestionnairePublished.
    """
    _check_draft(questionnaire)
    db.session.execute(
        update(Questionnaire)
        .where(Questionnaire.state == "published")
        .values(state="retired")
        .execution_options(synchronize_session="fetch")
    )
    questionnaire.state, questionnaire.note = "published", note or None
    questionnaire.published_at, questionnaire.edited_by_id = clock.now(), by
    events.record(
        QuestionnairePublished(actor_id=by, company_id=None, version=questionnaire.version)
    )


def _check_draft(questionnaire: Questionnaire) -> None:
    if questionnaire.state != "draft":
        raise Refused(
            _l("This version was published and never changes. Begin a new one to change questions.")
        )
