"""Taking in questions, and what the experts do with them."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from portal.accounts.access import User
from portal.accounts.roles import ROLE_NAMES
from portal.core import clock, events, spam, working
from portal.core.db import AnyRow
from portal.core.errors import FieldError, Invalid, Refused
from portal.core.i18n import lazy as _l
from portal.core.spam import Verdict
from portal.learning import fulltext
from portal.learning.events import QuestionAnswered, QuestionAsked, QuestionMoved
from portal.learning.models import ExpertAnswer, Question
from portal.learning.rules import questions as rules
from portal.learning.rules.questions import State
from portal.learning.service import mails

_Q, _A = Question.__table__, ExpertAnswer.__table__
WANTED = Verdict(0)
ANSWER_DAYS = 2  # working days to the answer of an expert


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What somebody asks, checked."""

    name: str
    email: str
    topic: str
    subject: str
    text: str
    may_publish: bool
    locale: str
    person_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Words:
    """What everybody may read of a question."""

    subject: str
    text: str


def ask(
    draft: Draft,
    verdict: Verdict = WANTED,
    *,
    sender: str | None = None,
    form_name: str | None = None,
    at: datetime | None = None,
    on: Connection,
) -> AnyRow:
    """Keep a question and return its row; what looks unwanted is put aside as spam.

    The same form sent again is the same question. Records QuestionAsked; who asked gets a mail
    with the secret link.
    """
    if form_name is not None:
        known = on.execute(select(_Q).where(_Q.c.form_name == form_name)).first()
        if known is not None:
            return known
    at = at or clock.now()
    state = State.SPAM if verdict.is_spam else State.OPEN
    row = on.execute(
        insert(_Q)
        .values(
            **draft.__dict__,
            ref=rules.new_ref(),
            salt=secrets.token_hex(8),
            state=state,
            due_at=None if state is State.SPAM else working.due(at, days=ANSWER_DAYS),
            spam_score=verdict.score,
            spam_reasons=list(verdict.reasons),
            fingerprint=spam.fingerprint(draft.text),
            sketch=spam.sketch(draft.text),
            sender=sender,
            form_name=form_name,
            created_at=at,
        )
        .returning(_Q)
    ).one()
    asked = QuestionAsked(actor_id=draft.person_id, ref=row.ref, topic=row.topic, state=state)
    events.record(asked, on=on)
    if state is State.OPEN:
        mails.received(row)
    return row


def answer(
    question: Any,
    text: str,
    *,
    public: Words | None,
    by: User,
    on: Connection,
    own: tuple[str, ...] = (),
    at: datetime | None = None,
) -> None:
    """Answer in private or, with the ``public`` words of the question, for everybody.

    ``own`` are addresses that may stand in public. Records QuestionAnswered; who asked gets a
    mail. Raises Invalid for contacts in public words, Refused by the state.
    """
    if question.state == State.SPAM:
        raise Refused(_l("This was put aside as spam. Take it back before you answer."))
    _refuse_empty(text)
    at, role = at or clock.now(), by.staff_role or ""
    if public is not None:
        _refuse_contacts(public, text, own)
        _publish(question, public, at, on)
    on.execute(
        insert(_A).values(
            question_id=question.id,
            is_public=public is not None,
            text=text.strip(),
            person_id=by.person_id,
            author_name=by.name,
            author_role=role,
            created_at=at,
        )
    )
    _change(question, on, due_at=None, answered_at=question.answered_at or at)
    if public is not None:
        _index(question.id, public, on)
    event = QuestionAnswered(actor_id=by.person_id, ref=question.ref, is_public=public is not None)
    events.record(event, on=on)
    mails.answered(
        question, text.strip(), by.name, ROLE_NAMES.get(role), is_public=public is not None
    )


def _refuse_empty(text: str) -> None:
    if not text.strip():
        sentence = _l("Write the answer first.")
        raise Invalid(sentence, [FieldError("text", sentence)])


def _refuse_contacts(public: Words, text: str, own: tuple[str, ...]) -> None:
    sentence = _l("Take out addresses and telephone numbers: everybody can read this.")
    said = {"public_subject": public.subject, "public_text": public.text, "text": text}
    errors = [
        FieldError(name, sentence) for name, words in said.items() if rules.has_contacts(words, own)
    ]
    if errors:
        raise Invalid(sentence, errors)


def _publish(question: Any, public: Words, at: datetime, on: Connection) -> None:
    if question.state != State.PUBLISHED:
        rules.advance(question.state, State.PUBLISHED, may_publish=question.may_publish)
    _change(
        question,
        on,
        state=State.PUBLISHED,
        public_subject=public.subject.strip(),
        public_text=public.text.strip(),
        published_at=question.published_at or at,
    )


def _index(question_id: int, public: Words, on: Connection) -> None:
    said = select(_A.c.text).where(_A.c.question_id == question_id, _A.c.is_public)
    texts = [public.subject, public.text, *on.scalars(said)]
    fulltext.show_question(question_id, texts, on=on)


def take(question: Any, *, by: User, on: Connection) -> None:
    """Note who answers, or, for who has it already, that nobody does. Records QuestionMoved."""
    gives_back = question.assigned_id == by.person_id
    _change(question, on, assigned_id=None if gives_back else by.person_id)
    _moved(question, "given_back" if gives_back else "taken", by, on)


def move(question: Any, wanted: State, *, by: User, on: Connection) -> None:
    """Hide a question, put it aside as spam, or take it back.

    Raises Refused by the lifecycle. Records QuestionMoved.
    """
    rules.advance(question.state, wanted, may_publish=question.may_publish)
    owed = wanted is State.OPEN and question.answered_at is None
    due = working.due(clock.now(), days=ANSWER_DAYS) if owed else None
    _change(question, on, state=wanted, due_at=due)
    fulltext.forget_question(question.id, on=on)
    _moved(question, wanted, by, on)


def show_again(question: Any, *, by: User, on: Connection) -> None:
    """Let everybody read a hidden question again, in the words they knew. Records QuestionMoved."""
    if not question.public_subject:
        raise Refused(_l("Answer it in public first."))
    rules.advance(question.state, State.PUBLISHED, may_publish=question.may_publish)
    _change(question, on, state=State.PUBLISHED, due_at=None)
    _index(question.id, Words(subject=question.public_subject, text=question.public_text), on)
    _moved(question, State.PUBLISHED, by, on)


def _moved(question: Any, action: str, by: User, on: Connection) -> None:
    events.record(QuestionMoved(actor_id=by.person_id, ref=question.ref, action=action), on=on)


def _change(question: Any, on: Connection, **values: Any) -> None:
    on.execute(update(_Q).where(_Q.c.id == question.id).values(values))
