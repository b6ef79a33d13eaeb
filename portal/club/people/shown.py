"""A card as pages show it: in the list, on a profile, and before it is saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portal.accounts.access import User
from portal.accounts.roles import ROLE_NAMES
from portal.club.people.forms import CardForm
from portal.club.people.rules.cards import LANGUAGES, REGIONS, SERVICES
from portal.forum.rules.badges import text_of


@dataclass(frozen=True, kw_only=True)
class Card:
    """What others read of somebody; no e-mail address, no telephone number, ever."""

    person_id: int
    handle: str
    name: str | None  # None: he shows his @name alone
    role: object = None  # of the centre's people
    company: str | None = None
    about: str = ""
    languages: Sequence[str] = ()
    has_picture: bool = False
    region: object = None
    city: str = ""
    offers: Sequence[object] = ()
    seeks: Sequence[object] = ()
    offers_words: str = ""
    seeks_words: str = ""
    badge: str = ""

    @property
    def title(self) -> str:
        """Return how he is called."""
        return self.name or f"@{self.handle}"


def card_of(row: Any) -> Card:
    """Return the card of a row of ``queries.cards``."""
    return Card(
        person_id=row.person_id,
        handle=row.handle,
        name=row.name if row.shows_name else None,
        role=ROLE_NAMES.get(row.staff_role),
        company=row.company,
        about=row.about,
        languages=[LANGUAGES[each] for each in row.languages if each in LANGUAGES],
        has_picture=row.picture is not None,
        badge=text_of(row.badge),
        **_company(row),
    )


def _company(row: Any) -> dict[str, Any]:
    """Return what a row says of a company; a card that is not shown says nothing."""
    return {
        "region": REGIONS.get(row.region),
        "city": row.city or "",
        "offers": [SERVICES[each] for each in row.offers or () if each in SERVICES],
        "seeks": [SERVICES[each] for each in row.seeks or () if each in SERVICES],
        "offers_words": row.offers_words or "",
        "seeks_words": row.seeks_words or "",
    }


def preview(user: User, profile: Any, row: Any, *, company: Any, form: CardForm) -> Card:
    """Return how others would see somebody if his form were saved as it stands.

    ``row``: his card as it was saved; ``company``: the card of his company; None: there is none.
    """
    shows_company = bool(form.shows_company.data) and user.company_id is not None
    of = _company(company) if shows_company and company is not None and company.is_shown else {}
    return Card(
        person_id=user.person_id,
        handle=profile.handle,
        name=user.name if form.shows_name.data else None,
        role=ROLE_NAMES.get(user.staff_role or ""),
        company=user.company_name if shows_company else None,
        about=form.about.data or "",
        languages=[LANGUAGES[each] for each in form.languages.data or () if each in LANGUAGES],
        has_picture=row is not None and row.picture is not None,
        badge=text_of(profile.badge),
        **of,
    )
