"""The directory as somebody of the club may see it: who wants to be found, and is here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, and_, exists, func, select

from portal.accounts.access import User
from portal.accounts.models import OPEN, Company, Membership, Person
from portal.club.people.fulltext import CARDS, OWNER
from portal.club.people.models import ClubCard, ClubCardMark, ClubCardReport, ClubCompanyCard
from portal.club.people.queries.standing import is_here
from portal.core import pagination
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.pagination import Page
from portal.forum.models import ForumProfile

LIMIT = 24  # cards on a page
_CARD, _OF, _MARK, _R, _PERSON, _COMPANY, _M, _PROFILE = (
    model.__table__
    for model in (
        ClubCard,
        ClubCompanyCard,
        ClubCardMark,
        ClubCardReport,
        Person,
        Company,
        Membership,
        ForumProfile,
    )
)


@dataclass(frozen=True)
class Filter:
    """Which cards are wanted; what is empty does not limit. ``marks``: offers, seeks …"""

    text: str = ""
    marks: Mapping[str, str] = field(default_factory=dict)


def _cards() -> Select[Any]:
    """Return cards with who they are of; a company only while he still works there."""
    works = exists().where(_M.c.person_id == _CARD.c.person_id, _M.c.company_id == _COMPANY.c.id)
    shown = and_(
        _COMPANY.c.id == _CARD.c.company_id,
        _CARD.c.shows_company,
        _COMPANY.c.lifecycle.in_(OPEN),
        works,
    )
    of = and_(_OF.c.company_id == _COMPANY.c.id, _OF.c.is_shown)
    names = ("region", "city", "offers", "seeks", "offers_words", "seeks_words")
    return (
        select(_CARD, _PERSON.c.name, _PERSON.c.staff_role, _COMPANY.c.name.label("company"))
        .add_columns(*(_PROFILE.c[name] for name in ("handle", "badge", "posts_written")))
        .add_columns(_PROFILE.c.answers_accepted, _PROFILE.c.useful_got)
        .add_columns(*(_OF.c[name] for name in names))
        .join_from(_CARD, _PERSON, _PERSON.c.id == _CARD.c.person_id)
        .join(_PROFILE, _PROFILE.c.person_id == _CARD.c.person_id)
        .outerjoin(_COMPANY, shown)
        .outerjoin(_OF, of)
    )


def _open() -> Select[Any]:
    return _cards().where(_CARD.c.is_shown, _CARD.c.is_barred.is_(False), is_here())


def cards_for(user: User, filter_: Filter, *, after: str | None = None) -> Page[Any]:
    """Return the cards that are shown, those of the newest people first."""
    query = _open()
    for name, value in filter_.marks.items():
        if value:
            marked = (_MARK.c.mark == f"{name}:{value}", _MARK.c.person_id == _CARD.c.person_id)
            query = query.where(exists().where(*marked))
    if filter_.text:
        hits = CARDS.matching(filter_.text, owner=OWNER, on=db.session.connection())
        if hits is None:
            return Page([], None)
        query = query.where(_CARD.c.person_id.in_(hits))
    if (last := pagination.decode_number(after)) is not None:
        query = query.where(_CARD.c.person_id < last)
    rows = db.session.execute(query.order_by(_CARD.c.person_id.desc()).limit(LIMIT + 1)).all()
    return pagination.cut(rows, LIMIT, lambda row: (row.person_id,))


def card_for(user: User, handle: str) -> Any:
    """Return one card; raises NotFound alike for nobody, and for whoever is not shown or here."""
    wanted = _PROFILE.c.handle == handle.lower().lstrip("@")
    found = db.session.execute(_open().where(wanted)).first()
    if found is None:
        raise NotFound(_l("There is nobody of that name in the directory."))
    return found


def own_card(user: User) -> Any:
    """Return one's own card, shown or not; None where there is none yet."""
    return db.session.execute(_cards().where(_CARD.c.person_id == user.person_id)).first()


def company_card(user: User) -> Any:
    """Return the card of the company that somebody works for; None where there is none yet."""
    wanted = select(_OF).where(_OF.c.company_id == user.company_id)
    return db.session.execute(wanted).first()


def picture_for(user: User, handle: str) -> str:
    """Return the key of a picture on a card that somebody may see, or on his own.

    Raises NotFound otherwise.
    """
    wanted = _PROFILE.c.handle == handle.lower().lstrip("@")
    found = db.session.execute(_cards().where(wanted)).first()
    if found is None or found.person_id != user.person_id:
        found = card_for(user, handle)
    if found.picture is None:
        raise NotFound(_l("There is no such picture."))
    return str(found.picture)


def reports_for(user: User) -> Sequence[Any]:
    """Return the reports against cards that wait, to moderators."""
    if not user.may("club.moderate"):
        return []
    return db.session.execute(_reports().order_by(_R.c.id).limit(LIMIT)).all()


def _reports() -> Select[Any]:
    by = _PERSON.alias("by_person")
    return (
        select(_R, _PERSON.c.name, _PROFILE.c.handle, _PROFILE.c.ref.label("profile_ref"))
        .add_columns(by.c.name.label("by_name"), _CARD.c.about)
        .join_from(_R, _PERSON, _PERSON.c.id == _R.c.person_id)
        .join(by, by.c.id == _R.c.by_id)
        .join(_PROFILE, _PROFILE.c.person_id == _R.c.person_id)
        .join(_CARD, _CARD.c.person_id == _R.c.person_id)
        .where(_R.c.state == "open")
    )


def report_for(user: User, ref: str) -> Any:
    """Return a report that waits; raises NotFound for whoever does not moderate."""
    found = db.session.execute(_reports().where(_R.c.ref == ref)).first()
    if found is None or not user.may("club.moderate"):
        raise NotFound(_l("There is no such report."))
    return found


def waiting_count() -> int:
    """Return how many reports against cards wait."""
    waiting = select(func.count()).select_from(_R).where(_R.c.state == "open")
    return int(db.session.scalar(waiting) or 0)
