"""Forgetting applications that came to nothing, with their files."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from portal.core import clock, files, scope
from portal.core.db import db
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
from portal.membership.rules.states import FORGOTTEN

KEPT_DAYS = 90  # after the last change
MOST = 200  # at a time


def forget_old() -> int:
    """Delete what was not approved and has not changed for KEPT_DAYS; return how many."""
    before = clock.now() - timedelta(days=KEPT_DAYS)
    ids = db.session.scalars(
        select(Application.id)
        .where(Application.state.in_(FORGOTTEN), Application.changed_at < before)
        .where(~Application.id.in_(_pointed_at()))
        .limit(MOST)
        .execution_options(**scope.CENTRE)
    ).all()
    if not ids:
        return 0
    papers = db.session.scalars(select(Paper.file_key).where(Paper.application_id.in_(ids))).all()
    for model in (Change, Ask, Answer, Consent, Move, Check, Note, Paper):
        db.session.execute(delete(model).where(model.application_id.in_(ids)))
    db.session.execute(
        delete(Application).where(Application.id.in_(ids)).execution_options(**scope.CENTRE)
    )
    for key in papers:
        files.forget(key)
    return len(ids)


def _pointed_at() -> Any:
    """Select what another one was the same as: it goes after that one."""
    return (
        select(Application.duplicate_of_id)
        .where(Application.duplicate_of_id.is_not(None))
        .execution_options(**scope.CENTRE)
    )
