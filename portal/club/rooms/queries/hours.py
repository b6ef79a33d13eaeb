"""Question hours as somebody may see them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, exists, func, select

from portal.accounts.access import User
from portal.accounts.models import Person
from portal.accounts.roles import rights_of
from portal.club.rooms.models import (
    ClubHour,
    ClubHourHost,
    ClubQuestion,
    ClubQuestionVote,
    ClubSeat,
)
from portal.core import pagination
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.pagination import Page
from portal.forum.models import ForumSpace, ForumTopic

LIMIT = 30
_H, _HOST, _SEAT, _Q, _VOTE, _PERSON, _SPACE, _TOPIC = (
    model.__table__
    for model in (
        ClubHour,
        ClubHourHost,
        ClubSeat,
        ClubQuestion,
        ClubQuestionVote,
        Person,
        ForumSpace,
        ForumTopic,
    )
)
_BY = Person.__table__.alias("by")
_COMING = ("planned", "live")
#: In which order questions stand while an hour is to come or held, and when it is over.
_HELD = ("current", "waiting", "answered", "declined")
_OVER = ("answered", "current", "waiting", "declined")


def _hours(user: User) -> Any:
    mine = and_(_SEAT.c.hour_id == _H.c.id, _SEAT.c.person_id == user.person_id)
    return (
        select(_H, _SEAT.c.wants_mail, _SEAT.c.person_id.is_not(None).label("has_seat"))
        .add_columns(_TOPIC.c.ref.label("topic_ref"), _SPACE.c.slug.label("space_slug"))
        .add_columns(_SPACE.c.names.label("space_names"))
        .join_from(_H, _SPACE, _SPACE.c.id == _H.c.space_id)
        .outerjoin(_SEAT, mine)
        .outerjoin(_TOPIC, _TOPIC.c.id == _H.c.topic_id)
    )


def coming_for(user: User, *, own: bool = False) -> Sequence[Any]:
    """Return the hours that are planned or held now, the next first; ``own``: with a seat only."""
    query = _hours(user).where(_H.c.state.in_(_COMING)).order_by(_H.c.starts_at, _H.c.id)
    if own:
        query = query.where(_SEAT.c.person_id.is_not(None))
    return db.session.execute(query.limit(LIMIT)).all()


def past_for(user: User, *, after: str | None = None) -> Page[Any]:
    """Return the hours that are over or were cancelled, the last planned first."""
    query = _hours(user).where(_H.c.state.not_in(_COMING))
    if (last := pagination.decode_number(after)) is not None:
        query = query.where(_H.c.id < last)
    rows = db.session.execute(query.order_by(_H.c.id.desc()).limit(LIMIT + 1)).all()
    return pagination.cut(rows, LIMIT, lambda row: (row.id,))


def for_calendar(user: User) -> Sequence[Any]:
    """Return what belongs into somebody's calendar: hours with a seat, and those he holds."""
    holds = exists().where(_HOST.c.hour_id == _H.c.id, _HOST.c.person_id == user.person_id)
    query = _hours(user).where(_SEAT.c.person_id.is_not(None) | holds)
    return db.session.execute(query.order_by(_H.c.starts_at.desc()).limit(200)).all()


def hour_for(user: User, ref: str) -> Any:
    """Return one hour, with what this person has to do with it; raises NotFound."""
    found = db.session.execute(_hours(user).where(_H.c.ref == ref)).first()
    if found is None:
        raise NotFound(_l("There is no such question hour."))
    return found


def hosts_of(hours: Sequence[Any]) -> dict[int, list[Any]]:
    """Return hour id → who answers: id, name, staff_role."""
    found: dict[int, list[Any]] = {row.id: [] for row in hours}
    query = (
        select(_HOST.c.hour_id, _PERSON.c.id, _PERSON.c.name, _PERSON.c.staff_role)
        .join_from(_HOST, _PERSON, _PERSON.c.id == _HOST.c.person_id)
        .where(_HOST.c.hour_id.in_(list(found)))
        .order_by(_PERSON.c.name)
    )
    for row in db.session.execute(query) if found else ():
        found[row.hour_id].append(row)
    return found


def questions_of(user: User, hour: Any) -> Sequence[Any]:
    """Return the questions of an hour: being answered, waiting by votes, answered, the rest.

    When it is over, those that were answered come first.

    ``is_voted`` says whether this person wants to hear the answer. What was declined or
    withdrawn is for its author and for hosts.
    """
    mine = and_(_VOTE.c.question_id == _Q.c.id, _VOTE.c.person_id == user.person_id)
    query = (
        select(_Q, _PERSON.c.name.label("author_name"), _BY.c.name.label("by_name"))
        .add_columns(_VOTE.c.person_id.is_not(None).label("is_voted"))
        .join_from(_Q, _PERSON, _PERSON.c.id == _Q.c.author_id)
        .outerjoin(_BY, _BY.c.id == _Q.c.answered_by_id)
        .outerjoin(_VOTE, mine)
        .where(_Q.c.hour_id == hour.id, _Q.c.state != "withdrawn")
        .order_by(_Q.c.votes.desc(), _Q.c.no)
    )
    if not user.may("club.host"):
        query = query.where((_Q.c.state != "declined") | (_Q.c.author_id == user.person_id))
    order = _OVER if hour.state == "closed" else _HELD
    return sorted(db.session.execute(query).all(), key=lambda row: _rank(row, order))


def _rank(row: Any, order: Sequence[str]) -> tuple[int, str]:
    return order.index(row.state), row.answered_at.isoformat() if row.answered_at else ""


def question_for(user: User, hour: Any, no: int) -> Any:
    """Return one question of an hour; raises NotFound for what is not his to see."""
    for row in questions_of(user, hour):
        if row.no == no:
            return row
    raise NotFound(_l("There is no such question in this hour."))


def hours_at_desk(*, after: str | None = None) -> Page[Any]:
    """Return all hours for those who hold them, the last planned first."""
    asked = select(func.count()).where(_Q.c.hour_id == _H.c.id, _Q.c.state == "waiting")
    query = select(_H, asked.scalar_subquery().label("waiting"))
    if (last := pagination.decode_number(after)) is not None:
        query = query.where(_H.c.id < last)
    rows = db.session.execute(query.order_by(_H.c.id.desc()).limit(LIMIT + 1)).all()
    return pagination.cut(rows, LIMIT, lambda row: (row.id,))


def seats_of(hour: Any) -> Sequence[Any]:
    """Return who signed up for an hour, for its hosts: name, email, at."""
    query = (
        select(_PERSON.c.name, _PERSON.c.email, _SEAT.c.at)
        .join_from(_SEAT, _PERSON, _PERSON.c.id == _SEAT.c.person_id)
        .where(_SEAT.c.hour_id == hour.id)
        .order_by(_SEAT.c.at)
    )
    return db.session.execute(query).all()


def possible_hosts() -> Sequence[Any]:
    """Return the centre's people who may answer: id, name, staff_role."""
    staff = _PERSON.c.staff_role.is_not(None)
    query = select(_PERSON.c.id, _PERSON.c.name, _PERSON.c.staff_role).where(staff)
    found = db.session.execute(query.order_by(_PERSON.c.name)).all()
    return [row for row in found if "club.host" in rights_of(None, row.staff_role)]


def spaces() -> Sequence[Any]:
    """Return the forum's spaces in which an hour can be kept: id, slug, names."""
    query = select(_SPACE.c.id, _SPACE.c.slug, _SPACE.c.names, _SPACE.c.kind)
    shown = query.where(_SPACE.c.archived_at.is_(None))
    return db.session.execute(shown.order_by(_SPACE.c.position)).all()
