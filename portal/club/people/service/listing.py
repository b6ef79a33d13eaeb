"""Keeping what cards are found by equal to what they show; nothing of a card that is not shown."""

from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from portal.accounts.models import Company, Person
from portal.club.people.fulltext import CARDS, OWNER
from portal.club.people.models import ClubCard, ClubCardMark, ClubCompanyCard
from portal.club.people.rules import cards as rules
from portal.core import search
from portal.forum.models import ForumProfile

_CARD, _OF, _MARK, _PERSON, _COMPANY, _PROFILE = (
    model.__table__
    for model in (ClubCard, ClubCompanyCard, ClubCardMark, Person, Company, ForumProfile)
)


def renew(person_id: int, *, on: Connection) -> None:
    """Let somebody be found by what his card shows now, and by nothing else."""
    card = on.execute(select(_CARD).where(_CARD.c.person_id == person_id)).first()
    is_shown = card is not None and card.is_shown and not card.is_barred
    on.execute(delete(_MARK).where(_MARK.c.person_id == person_id))
    listed = update(_PROFILE).where(_PROFILE.c.person_id == person_id)
    on.execute(listed.values(is_listed=is_shown))
    if not is_shown:
        CARDS.change(person_id, OWNER, "", on=on)
        return
    company = _company_of(card, on)
    marks = _marks(card, company)
    if marks:
        on.execute(insert(_MARK), [{"mark": each, "person_id": person_id} for each in marks])
    CARDS.change(person_id, OWNER, search.document(*_words(card, company, on)), on=on)


def renew_company(company_id: int, *, on: Connection) -> None:
    """Do so for all people who show this company."""
    mine = (_CARD.c.company_id == company_id, _CARD.c.is_shown)
    for person_id in on.scalars(select(_CARD.c.person_id).where(*mine)).all():
        renew(person_id, on=on)


def _company_of(card: Any, on: Connection) -> Any:
    """Return the company that a card shows, with its own card where it wants one; else None."""
    if card.company_id is None or not card.shows_company:
        return None
    joined = _COMPANY.outerjoin(_OF, (_OF.c.company_id == _COMPANY.c.id) & _OF.c.is_shown)
    columns = ("region", "city", "offers", "seeks", "offers_words", "seeks_words", "is_shown")
    wanted = select(_COMPANY.c.name, _COMPANY.c.name_en, *(_OF.c[name] for name in columns))
    return on.execute(wanted.select_from(joined).where(_COMPANY.c.id == card.company_id)).first()


def _marks(card: Any, company: Any) -> list[str]:
    if company is None or not company.is_shown:
        return rules.marks_of(card.languages, (), (), None)
    return rules.marks_of(card.languages, company.offers, company.seeks, company.region)


def _words(card: Any, company: Any, on: Connection) -> list[str | None]:
    named = (
        select(_PERSON.c.name, _PROFILE.c.handle)
        .join(_PROFILE, _PROFILE.c.person_id == _PERSON.c.id)
        .where(_PERSON.c.id == card.person_id)
    )
    who = on.execute(named).one()
    words = [who.handle, who.name if card.shows_name else None, card.about]
    if company is not None:
        words += [company.name, company.name_en]
    if company is not None and company.is_shown:
        words += [company.city, company.offers_words, company.seeks_words]
    return words
