"""Questions for an hour: asked, voted for, taken, answered."""

from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from portal.accounts.access import User
from portal.club.rooms.events import QuestionAsked, QuestionMoved
from portal.club.rooms.models import ClubHour, ClubQuestion, ClubQuestionVote
from portal.club.rooms.rules import hours as rules
from portal.club.rooms.service.hours import locked
from portal.core import clock, events, markdown
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.forum.rules.posts import without_numbers
from portal.forum.service.writing import html_of

_H, _Q, _VOTE = (model.__table__ for model in (ClubHour, ClubQuestion, ClubQuestionVote))


def ask(hour: Any, text: str, by: User, *, form_name: str | None, on: Connection) -> int:
    """Ask something; return the question's number. The same form sent again is one question.

    Raises Refused where the hour takes none, and for more than 5. Records QuestionAsked.
    """
    now = locked(hour, on)
    form = None if form_name is None else f"{hour.id} {by.person_id} {form_name}"
    same = select(_Q.c.no).where(_Q.c.form_name == form)
    if form is not None and (known := on.scalar(same)) is not None:
        return int(known)
    mine = (_Q.c.hour_id == now.id, _Q.c.author_id == by.person_id, _Q.c.state != "withdrawn")
    asked = on.scalar(select(func.count()).select_from(_Q).where(*mine)) or 0
    rules.check_questions(now.state, asked)
    grown = update(_H).where(_H.c.id == now.id).values(question_count=_H.c.question_count + 1)
    no = int(on.scalar(grown.returning(_H.c.question_count)) or 0)
    row = {"hour_id": now.id, "no": no, "author_id": by.person_id, "state": "waiting", "votes": 0}
    row |= {"as_who": as_who(by), "form_name": form, "created_at": clock.now()}
    on.execute(insert(_Q).values(**row, **_said(text)))
    told = {"actor_id": by.person_id, "company_id": by.company_id, "ref": now.ref}
    events.record(QuestionAsked(**told, no=no), on=on)
    return no


def as_who(by: User) -> dict[str, Any]:
    """Return as whom somebody speaks now, for the topic that is made of it."""
    return {
        "company_id": by.company_id,
        "company_name": by.company_name,
        "staff_role": by.staff_role,
        "locale": by.locale,
    }


def _said(text: str) -> dict[str, str]:
    said = without_numbers(markdown.clean(text))
    return {"text": said, "html": html_of(said)}


def vote(hour: Any, question: Any, by: User, *, on: Connection) -> int:
    """Want to hear an answer, too, or no more; return the votes. Records QuestionMoved.

    Raises Refused for one's own question and once it was answered.
    """
    if question.author_id == by.person_id:
        raise Refused(_l("You have asked this yourself."))
    now = locked(hour, on)
    if not rules.takes_questions(now.state):
        raise Refused(_l("This hour is over."))
    mine = (_VOTE.c.question_id == question.id, _VOTE.c.person_id == by.person_id)
    number = -1
    if on.execute(delete(_VOTE).where(*mine).returning(_VOTE.c.person_id)).first() is None:
        row = {"question_id": question.id, "person_id": by.person_id, "at": clock.now()}
        on.execute(insert(_VOTE).values(**row))
        number = 1
    open_ = (_Q.c.id == question.id, _Q.c.state.in_(("waiting", "current")))
    counted = update(_Q).where(*open_).values(votes=_Q.c.votes + number).returning(_Q)
    changed = on.execute(counted).first()
    if changed is None:
        raise Refused(_l("This question takes no votes any more."))
    _tell(hour, changed, by, on)
    return int(changed.votes)


def withdraw(hour: Any, question: Any, by: User, *, on: Connection) -> None:
    """Take one's own question back while it waits. Records QuestionMoved."""
    if question.author_id != by.person_id:
        raise Refused(_l("Only who asked takes a question back."))
    _move(hour, question, "withdrawn", by, on)


def call(hour: Any, question: Any, by: User, *, on: Connection) -> None:
    """Take a question up: everybody sees that it is being answered. Records QuestionMoved."""
    now = locked(hour, on)
    if now.state != "live":
        raise Refused(_l("Open the hour first."))
    before = (_Q.c.hour_id == now.id, _Q.c.state == "current")
    on.execute(update(_Q).where(*before).values(state="waiting"))
    _move(hour, question, "current", by, on)


def call_next(hour: Any, by: User, *, on: Connection) -> None:
    """Take up the waiting question with the most votes, if there is one. Records QuestionMoved."""
    waiting = (_Q.c.hour_id == hour.id, _Q.c.state == "waiting")
    first = select(_Q).where(*waiting).order_by(_Q.c.votes.desc(), _Q.c.no).limit(1)
    if (question := on.execute(first).first()) is not None:
        _move(hour, question, "current", by, on)


def answer(hour: Any, question: Any, text: str, by: User, *, on: Connection) -> None:
    """Answer a question. Records QuestionMoved; raises Refused where somebody has answered."""
    now = locked(hour, on)
    if now.state != "live":
        raise Refused(_l("Open the hour first."))
    said = _said(text)
    more = {"answer": said["text"], "answer_html": said["html"], "answered_by_id": by.person_id}
    _move(
        hour,
        question,
        "answered",
        by,
        on,
        **more,
        answered_as=as_who(by),
        answered_at=clock.now(),
    )


def decline(hour: Any, question: Any, by: User, *, on: Connection) -> None:
    """Leave a question out. Records QuestionMoved."""
    locked(hour, on)
    _move(hour, question, "declined", by, on)


def bring_back(hour: Any, question: Any, by: User, *, on: Connection) -> None:
    """Let a question wait (again). Records QuestionMoved."""
    locked(hour, on)
    _move(hour, question, "waiting", by, on)


def _move(hour: Any, question: Any, to: str, by: User, on: Connection, **values: Any) -> None:
    state = on.scalar(select(_Q.c.state).where(_Q.c.id == question.id).with_for_update())
    rules.move(str(state), to)
    change = update(_Q).where(_Q.c.id == question.id).values(state=to, **values)
    _tell(hour, on.execute(change.returning(_Q)).one(), by, on)


def _tell(hour: Any, question: Any, by: User, on: Connection) -> None:
    told = {"ref": hour.ref, "no": question.no, "state": question.state, "votes": question.votes}
    events.record(QuestionMoved(actor_id=by.person_id, **told), on=on)
