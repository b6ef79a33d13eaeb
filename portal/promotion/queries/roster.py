"""What may be shown now, kept in memory: pages choose from it without asking the database.

It is one statement, made again when a page needs it and it is older than FRESH_S (where a view is
counted) or STALE_S (where a page is only drawn), and at once after a change in this process.
Other processes see a change within FRESH_S.
"""

import time
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from datetime import time as time_of_day
from typing import Any

from flask import current_app
from sqlalchemy import bindparam, func, or_, select

from portal.core import clock
from portal.core.db import reading
from portal.core.prepared import Prepared
from portal.promotion.models import AdCount, Campaign, Creative
from portal.promotion.rules.choice import Entry, Spot
from portal.promotion.rules.pacing import Booking
from portal.promotion.rules.states import State

FRESH_S = 10.0
STALE_S = 60.0
_KEY = "advertising"


@dataclass(frozen=True)
class Card:
    """A creative with all that is needed to show it and to follow its click."""

    id: int
    campaign_id: int
    advertiser: str
    address: str
    kind: str
    words: Mapping[str, Any]
    colour: str
    picture: str | None
    pictures: Mapping[str, str]
    media: str | None
    media_type: str | None

    def picture_in(self, tag: str) -> str | None:
        """Return the file of the picture with the words of a language."""
        return self.pictures.get(tag) or self.picture

    def files(self) -> Iterable[str]:
        """Return every file that it shows."""
        return filter(None, (self.picture, self.media, *self.pictures.values()))


@dataclass
class Roster:
    """The campaigns that are approved or running, and their creatives by id."""

    entries: tuple[Entry, ...]
    cards: Mapping[int, Card]
    read_at: float  # time.monotonic
    files: Mapping[str, Card] = field(default_factory=dict)
    #: Places as pages show them, around the nonce; made anew with the roster.
    drawn: dict[Hashable, Any] = field(default_factory=dict)

    def is_in_time(self, campaign_id: int, at: datetime) -> bool:
        """Return whether a campaign has begun and not ended."""
        found = next((each for each in self.entries if each.id == campaign_id), None)
        return (
            found is not None
            and found.starts_at <= at
            and (found.ends_at is None or at < found.ends_at)
        )

    def count(self, campaign_id: int) -> None:
        """Count a valid view that this process has just written."""
        self.entries = tuple(
            replace(each, delivered=each.delivered + 1) if each.id == campaign_id else each
            for each in self.entries
        )


_OF_CAMPAIGN = (
    "id",
    "advertiser",
    "address",
    "starts_at",
    "ends_at",
    "priority",
    "weight",
    "cap",
    "booked",
    "delivered",
    "targeting",
)
_OF_CREATIVE = (
    "id",
    "kind",
    "zones",
    "weight",
    "words",
    "colour",
    "picture",
    "pictures",
    "media",
    "media_type",
)


def _statement() -> Prepared:
    """Return the one statement: creatives of what may be shown, with the views of ``today``."""
    today = (
        select(func.coalesce(func.sum(AdCount.valid_views), 0))
        .where(AdCount.campaign_id == Campaign.id, AdCount.day == bindparam("today"))
        .scalar_subquery()
    )
    columns = [
        *(getattr(Campaign, name) for name in _OF_CAMPAIGN),
        today.label("views_today"),
        *(getattr(Creative, name).label(f"c_{name}") for name in _OF_CREATIVE),
    ]
    states = (State.APPROVED.value, State.RUNNING.value)
    return Prepared(
        select(*columns)
        .join(Creative, Creative.campaign_id == Campaign.id)
        .where(or_(*(Campaign.state == state for state in states)), Creative.is_off.is_(False))
        .order_by(Campaign.priority, Campaign.id, Creative.id)
    )


_READ = _statement()


def now(*, within_s: float = STALE_S) -> Roster:
    """Return what may be shown, read at most ``within_s`` seconds ago."""
    kept: Roster | None = current_app.extensions.get(_KEY)
    if kept is None or time.monotonic() - kept.read_at > within_s:
        kept = current_app.extensions[_KEY] = _read()
    return kept


def forget() -> None:
    """Have it read anew when it is needed next: something was changed."""
    current_app.extensions.pop(_KEY, None)


def _read() -> Roster:
    day = clock.now().astimezone(clock.zone()).date()
    rows = _READ.all(reading(), {"today": day})
    groups: dict[int, list[Any]] = {}
    for row in rows:
        groups.setdefault(row.id, []).append(row)
    entries = tuple(_entry(group, day) for group in groups.values())
    cards = {row.c_id: _card(row) for row in rows}
    files = {key: card for card in cards.values() for key in card.files()}
    return Roster(entries, cards, time.monotonic(), files)


def _entry(rows: list[Any], day: date) -> Entry:
    row = rows[0]
    return Entry(
        id=row.id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        priority=row.priority,
        weight=row.weight,
        cap=row.cap,
        targeting=row.targeting,
        booking=_booking(row, day) if row.booked else None,
        delivered=row.delivered,
        spots=tuple(Spot(each.c_id, frozenset(each.c_zones), each.c_weight) for each in rows),
    )


def _booking(row: Any, day: date) -> Booking:
    return booking(row.booked, row.delivered - row.views_today, row, day)


def booking(views: int, before: int, campaign: Any, day: date) -> Booking:
    """Return how a campaign's views are spread: from the start of ``day``, or its own if later."""
    midnight = datetime.combine(day, time_of_day(), clock.zone()).astimezone(UTC)
    return Booking(views, before, max(midnight, campaign.starts_at), campaign.ends_at)


def _card(row: Any) -> Card:
    return Card(
        id=row.c_id,
        campaign_id=row.id,
        advertiser=row.advertiser,
        address=row.address,
        kind=row.c_kind,
        words=row.c_words,
        colour=row.c_colour,
        picture=row.c_picture,
        pictures=row.c_pictures,
        media=row.c_media,
        media_type=row.c_media_type,
    )
