"""Changing cards. Whoever takes his down is found nowhere from that moment on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from portal.accounts.access import User
from portal.club.people.models import ClubCard, ClubCompanyCard
from portal.club.people.rules import cards as rules
from portal.club.people.service import listing
from portal.core import clock
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l

_CARD, _OF = ClubCard.__table__, ClubCompanyCard.__table__
_MEANWHILE = _l("Somebody has changed this meanwhile. Look at it and save again.")


@dataclass(frozen=True, kw_only=True)
class Said:
    """What somebody wants his card to say."""

    is_shown: bool
    shows_name: bool
    shows_company: bool
    about: str
    languages: list[str]


@dataclass(frozen=True, kw_only=True)
class CompanySaid:
    """What a company wants its card to say."""

    is_shown: bool
    region: str | None
    city: str
    offers: list[str]
    seeks: list[str]
    offers_words: str
    seeks_words: str


def save(said: Said, by: User, *, version: int, on: Connection) -> None:
    """Keep somebody's card, for the company that he works for now.

    Raises Refused for addresses and numbers in it, and where it was changed meanwhile.
    """
    rules.check_words(said.about)
    values = vars(said) | {"company_id": by.company_id}
    _keep(_CARD, "person_id", by.person_id, values, version, on)
    listing.renew(by.person_id, on=on)


def save_company(said: CompanySaid, by: User, *, version: int, on: Connection) -> None:
    """Keep the card of the company that somebody works for; the caller has checked his right.

    Raises Refused for addresses and numbers in it, and where it was changed meanwhile.
    """
    if by.company_id is None:
        raise Refused(_l("People of the centre have no company’s card."))
    rules.check_words(said.city, said.offers_words, said.seeks_words)
    values = vars(said) | {"changed_by_id": by.person_id}
    _keep(_OF, "company_id", by.company_id, values, version, on)
    listing.renew_company(by.company_id, on=on)


def _keep(
    table: Any, key: str, of: int, values: Mapping[str, Any], version: int, on: Connection
) -> None:
    """Write a row that was ``version`` when the form was shown; 0: there was none."""
    now = {**values, "changed_at": clock.now()}
    found = on.scalar(select(table.c.version).where(table.c[key] == of).with_for_update())
    if (found or 0) != version:
        raise Refused(_MEANWHILE)
    if found is None:
        on.execute(insert(table).values(**{key: of}, **now))
    else:
        same = update(table).where(table.c[key] == of)
        on.execute(same.values(**now, version=version + 1))


def set_picture(key: str | None, by: User, *, on: Connection) -> str | None:
    """Show another picture, or none; return the key of the one before, to be forgotten."""
    mine = _CARD.c.person_id == by.person_id
    before = on.execute(select(_CARD.c.picture).where(mine)).first()
    if before is None:
        raise Refused(_l("Save your card first."))
    on.execute(update(_CARD).where(mine).values(picture=key))
    return before.picture if before.picture != key else None
