"""What the applicant does after sending: answering what was asked, taking it back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldError, Forbidden, Invalid, Refused
from portal.core.i18n import lazy as _l
from portal.membership.models import Answer, Application, Ask, Change, Paper
from portal.membership.rules import problems
from portal.membership.rules.decisions import MAX_ASK
from portal.membership.rules.questions import Version
from portal.membership.rules.states import State
from portal.membership.service.filling import put
from portal.membership.service.mails import tell_applicant
from portal.membership.service.moving import move


def withdraw(application: Application) -> None:
    """Take an application back.

    Raises Refused once it was decided. Records ApplicationWithdrawn.
    """
    was_seen = application.state not in (State.DRAFT, State.UNVERIFIED)
    move(application, "withdraw", by=None)
    if was_seen:
        tell_applicant(
            application,
            "withdrawn",
            _l("Your application %(ref)s is withdrawn", ref=application.ref),
        )


def check_asked(ask: Ask | None, keys: list[str]) -> Ask:
    """Return what was asked, if all of ``keys`` were.

    Raises Refused where nothing is asked for, Forbidden for any other answer.
    """
    if ask is None:
        raise Refused(_l("Nothing is asked of you at present."))
    if not set(keys) <= set(ask.keys):
        raise Forbidden(_l("Only the answers that were asked for can be changed now."))
    return ask


def keep(application: Application, ask: Ask | None, values: dict[str, Any]) -> None:
    """Keep changed answers of those that were asked for, before they are sent.

    What they were is noted once, so that the desk sees both.
    """
    asked = check_asked(ask, list(values))
    before = _values(application, list(values))
    put(application, values)
    after = _values(application, list(values))
    for key in values:
        _note(application, asked, key, before.get(key), after.get(key))


def _values(application: Application, keys: list[str]) -> dict[str, Any]:
    rows = db.session.execute(
        select(Answer.key, Answer.value).where(
            Answer.application_id == application.id, Answer.key.in_(keys)
        )
    )
    return {row.key: row.value for row in rows}


def _note(application: Application, ask: Ask, key: str, before: Any, after: Any) -> None:
    known = db.session.scalar(
        select(Change).where(Change.ask_id == ask.id, Change.key == key).with_for_update()
    )
    if known is not None:
        known.after, known.at = after, clock.now()
        if known.before == after:
            db.session.delete(known)
    elif before != after:
        db.session.add(
            Change(
                application_id=application.id,
                ask_id=ask.id,
                key=key,
                before=before,
                after=after,
                at=clock.now(),
            )
        )
    db.session.flush()


@contextmanager
def noting_papers(application: Application, ask: Ask | None) -> Iterator[None]:
    """Note which papers an answer had before the block, and has after it.

    Raises Forbidden where papers are changed that were not asked for.
    """
    before = _paper_values(application)
    yield
    after = _paper_values(application)
    for key in {*before, *after}:
        if before.get(key) != after.get(key):
            _note(application, check_asked(ask, [key]), key, before.get(key), after.get(key))


def _paper_values(application: Application) -> dict[str, Any]:
    keys = db.session.scalars(
        select(Paper.key).where(Paper.application_id == application.id).distinct()
    ).all()
    return _values(application, list(keys))


def answer(application: Application, version: Version, ask: Ask | None, words: str = "") -> None:
    """Hand the changed answers to the desk, with ``words`` to it.

    Raises Invalid that names what is still wrong, or where nothing was changed and nothing is
    said. Records ApplicationAnswered.
    """
    asked = check_asked(ask, [])
    answers = _values(application, list(version.by_key))
    wrong = [
        problem
        for key in asked.keys
        if key in version.by_key
        for problem in problems.of(version.by_key[key], answers)
    ]
    if wrong:
        raise Invalid(
            _l("Some answers are still to be changed."),
            [FieldError(each.field, each.message) for each in wrong],
        )
    if not words and not _has_changed(asked):
        sentence = _l("Nothing is changed. Write to us why it is right as it is.")
        raise Invalid(sentence, [FieldError("words", sentence)])
    asked.answered_at = clock.now()
    said = {"keys": asked.keys} | ({"text": words[:MAX_ASK]} if words else {})
    move(application, "answer", by=None, said=said)


def _has_changed(ask: Ask) -> bool:
    wanted = select(Change.id).where(Change.ask_id == ask.id).limit(1)
    return db.session.scalar(wanted) is not None
