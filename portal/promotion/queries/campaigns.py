"""Campaigns and creatives as the desk sees them; members and visitors find none."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, cast, func, or_, select

from portal.accounts.access import User
from portal.accounts.models import Company, Person
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.events import EventRecord
from portal.core.i18n import lazy as _l
from portal.promotion.events import about
from portal.promotion.models import Campaign, Creative
from portal.promotion.queries.roster import Card
from portal.promotion.rules.states import State

HTML, JPEG = "text/html", "image/jpeg"
MOST = 200  # campaigns in a list without filter; older ones are found by words
HISTORY = 60


@dataclass(frozen=True)
class Filter:
    """Which campaigns are asked for; empty values ask for all."""

    words: str = ""
    state: str = ""
    zone: str = ""


def _may_see(user: User) -> bool:
    return user.may("ads.manage") or user.may("ads.approve")


def campaigns_for(user: User, asked: Filter) -> Sequence[Campaign]:
    """Return campaigns, those that need somebody first, then the newest."""
    if not _may_see(user):
        return []
    wanted = select(Campaign).order_by(Campaign.id.desc()).limit(MOST)
    for word in asked.words.split()[:8]:
        columns = (Campaign.ref, Campaign.advertiser, Campaign.title)
        wanted = wanted.where(or_(*(c.icontains(word, autoescape=True) for c in columns)))
    if asked.state in tuple(State):
        wanted = wanted.where(Campaign.state == asked.state)
    if asked.zone:
        named = cast(Creative.zones, String).contains(f'"{asked.zone}"', autoescape=True)
        wanted = wanted.where(Campaign.id.in_(select(Creative.campaign_id).where(named)))
    found = db.session.scalars(wanted).all()
    return sorted(found, key=lambda each: (_URGENCY.get(each.state, 9), -each.id))


_URGENCY = {"in_review": 0, "running": 1, "approved": 2, "paused": 3, "draft": 4, "ended": 5}


def campaign_for(user: User, ref: str, *, lock: bool = False) -> Campaign:
    """Return a campaign for somebody of the desk.

    Raises NotFound for references unknown, and where the right is missing.
    """
    wanted = select(Campaign).where(Campaign.ref == ref.strip().upper()[:20])
    found = None
    if _may_see(user) and "\0" not in ref:
        found = db.session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise NotFound(_l("There is no campaign with that reference."))
    return found


def creatives_of(*campaigns: Campaign) -> Sequence[Creative]:
    """Return the creatives of campaigns in the order in which they were made."""
    ids = [campaign.id for campaign in campaigns]
    wanted = select(Creative).where(Creative.campaign_id.in_(ids)).order_by(Creative.id)
    return db.session.scalars(wanted).all()


def creative_for(user: User, campaign: Campaign, number: int) -> Creative:
    """Return one creative of a campaign. Raises NotFound where it has none of that number."""
    found = db.session.get(Creative, number) if _may_see(user) else None
    if found is None or found.campaign_id != campaign.id:
        raise NotFound(_l("This campaign has no such creative."))
    return found


def names_of(*people: int | None) -> dict[int, str]:
    """Return person → name."""
    ids = {each for each in people if each is not None}
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {row.id: row.name for row in rows}


def history_of(campaign: Campaign) -> Sequence[Any]:
    """Return what happened to a campaign, newest first: id, name, payload, recorded_at, who."""
    wanted = (
        select(
            EventRecord.id,
            EventRecord.name,
            EventRecord.payload,
            EventRecord.recorded_at,
            Person.name.label("who"),
        )
        .outerjoin(Person, Person.id == EventRecord.actor_id)
        .where(EventRecord.about == about(campaign.ref))
        .order_by(EventRecord.id.desc())
        .limit(HISTORY)
    )
    return db.session.execute(wanted).all()


def newest_of(campaign: Campaign) -> int:
    """Return the number of what happened to a campaign last: another one after every change."""
    wanted = select(func.max(EventRecord.id)).where(EventRecord.about == about(campaign.ref))
    return db.session.scalar(wanted) or 0


def companies_named(refs: Sequence[str]) -> dict[str, str]:
    """Return reference → name of the companies that exist among ``refs``."""
    rows = db.session.execute(select(Company.ref, Company.name).where(Company.ref.in_(refs)))
    return {row.ref: row.name for row in rows}


def media_type_of(card: Any, key: str) -> str:
    """Return what one of a creative's files is."""
    if key != card.media:
        return JPEG
    return HTML if card.kind == "html5" else str(card.media_type)


def media_type_for(user: User, key: str) -> str | None:
    """Return what a file of any creative is, for the desk; None where there is none."""
    if not _may_see(user) or len(key) != 32 or not key.isalnum():
        return None
    among = cast(Creative.pictures, String).contains(key, autoescape=True)
    wanted = select(Creative).where(or_(Creative.picture == key, Creative.media == key, among))
    found = db.session.scalar(wanted.limit(1))
    return media_type_of(found, key) if found else None


def card_of(campaign: Campaign, creative: Creative) -> Card:
    """Return a creative as it is shown, whether or not it runs."""
    return Card(
        id=creative.id,
        campaign_id=campaign.id,
        advertiser=campaign.advertiser,
        address=campaign.address,
        kind=creative.kind,
        words=creative.words,
        colour=creative.colour,
        picture=creative.picture,
        pictures=creative.pictures,
        media=creative.media,
        media_type=creative.media_type,
    )
