"""What two people said to each other, by numbers: the same cost at any depth."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Select, and_, func, select

from portal.accounts.access import User
from portal.accounts.models import Person
from portal.club.direct.models import DirectGone, DirectMessage, DirectReport, DirectTalk
from portal.club.direct.rules import AROUND
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.forum.models import ForumProfile

PAGE = 30  # messages
_M, _GONE, _R, _T, _PERSON, _PROFILE = (
    model.__table__
    for model in (DirectMessage, DirectGone, DirectReport, DirectTalk, Person, ForumProfile)
)
_BY = _PERSON.alias("by_person")


@dataclass(frozen=True)
class Thread:
    """Messages in their order, and whether there are older and newer ones."""

    messages: Sequence[Any]
    has_older: bool = False
    has_newer: bool = False

    @property
    def first_no(self) -> int:
        """Return the number of the first message; 0 where there is none."""
        return int(self.messages[0].no) if self.messages else 0

    @property
    def last_no(self) -> int:
        """Return the number of the last message; 0 where there is none."""
        return int(self.messages[-1].no) if self.messages else 0


def _kept(user: User, talk: Any) -> Select[Any]:
    """Return the messages of a talk that was found for this person, and that he has kept."""
    gone = and_(_GONE.c.message_id == _M.c.id, _GONE.c.person_id == user.person_id)
    reported = and_(_R.c.message_id == _M.c.id, _R.c.by_id == user.person_id)
    return (
        select(_M, _R.c.state.label("report_state"), _R.c.answer.label("report_answer"))
        .outerjoin(_GONE, gone)
        .outerjoin(_R, reported)
        .where(_M.c.talk_id == talk.id, _M.c.no > talk.gone_no, _GONE.c.message_id.is_(None))
    )


def before(user: User, talk: Any, no: int | None = None) -> Thread:
    """Return the messages in front of number ``no``; without it the newest."""
    end = talk.last_no + 1 if no is None else _within(talk, no)
    query = _kept(user, talk).where(_M.c.no < end).order_by(_M.c.no.desc()).limit(PAGE + 1)
    rows = db.session.execute(query).all()
    shown = [_shown(row) for row in reversed(rows[:PAGE])]
    return Thread(shown, has_older=len(rows) > PAGE, has_newer=end <= talk.last_no)


def behind(user: User, talk: Any, no: int) -> Thread:
    """Return the messages behind number ``no``, the oldest first."""
    no = _within(talk, no)
    query = _kept(user, talk).where(_M.c.no > no).order_by(_M.c.no).limit(PAGE + 1)
    rows = db.session.execute(query).all()
    shown = [_shown(row) for row in rows[:PAGE]]
    return Thread(shown, has_older=no > talk.gone_no, has_newer=len(rows) > PAGE)


def _within(talk: Any, no: int) -> int:
    """Return a number that somebody asked for, as one that a talk may have."""
    return min(max(no, 0), int(talk.last_no) + 1)


def _shown(row: Any) -> Any:
    """Return a row; of a message that was removed without its words."""
    said = {} if row.state == "visible" else {"html": "", "text": ""}
    return SimpleNamespace(**{**row._mapping, **said})


def message_for(user: User, talk: Any, no: int) -> Any:
    """Return one message that somebody has kept; raises NotFound for a number that he has not."""
    found = db.session.execute(_kept(user, talk).where(_M.c.no == no)).first()
    if found is None:
        raise NotFound(_l("There is no such message in this conversation."))
    return _shown(found)


def reports_for(user: User) -> Sequence[Any]:
    """Return the reports that wait, without any message: who reported, against whom, why.

    Nobody sees one about what he himself wrote or received.
    """
    if not user.may("club.moderate"):
        return []
    return db.session.execute(_reports(user).order_by(_R.c.id).limit(PAGE)).all()


def _reports(user: User) -> Select[Any]:
    me = user.person_id
    return (
        select(_R, _M.c.no, _M.c.talk_id, _M.c.author_id, _BY.c.name.label("by_name"))
        .add_columns(_PERSON.c.name.label("author_name"), _PROFILE.c.ref.label("author_ref"))
        .join_from(_R, _M, _M.c.id == _R.c.message_id)
        .join(_T, _T.c.id == _M.c.talk_id)
        .join(_BY, _BY.c.id == _R.c.by_id)
        .join(_PERSON, _PERSON.c.id == _M.c.author_id)
        .outerjoin(_PROFILE, _PROFILE.c.person_id == _M.c.author_id)
        .where(_R.c.state == "open", _T.c.low_id != me, _T.c.high_id != me)
    )


def report_for(user: User, ref: str) -> Any:
    """Return a report that waits; raises NotFound for who does not moderate, or takes part."""
    found = db.session.execute(_reports(user).where(_R.c.ref == ref)).first()
    if found is None or not user.may("club.moderate"):
        raise NotFound(_l("There is no such report."))
    return found


def around(report: Any) -> Sequence[Any]:
    """Return the message of a report found for a moderator, and the few around it; no more."""
    near = _M.c.no.between(report.no - AROUND, report.no + AROUND)
    query = (
        select(_M, _PERSON.c.name.label("author_name"))
        .join(_PERSON, _PERSON.c.id == _M.c.author_id)
        .where(_M.c.talk_id == report.talk_id, near)
        .order_by(_M.c.no)
    )
    return db.session.execute(query).all()


def waiting_count() -> int:
    """Return how many reports wait for a decision."""
    waiting = select(func.count()).select_from(_R).where(_R.c.state == "open")
    return int(db.session.scalar(waiting) or 0)
