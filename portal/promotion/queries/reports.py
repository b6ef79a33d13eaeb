"""What reports add up: from the totals of days, so that no history makes them slower."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from portal.accounts.access import User
from portal.core.db import db
from portal.promotion.models import AdCount, AdReason, Campaign, Creative

MOST_DAYS = 366
SUMS = (
    "served",
    "views",
    "valid_views",
    "viewers",
    "clicks",
    "valid_clicks",
    "clickers",
    "inquiries",
    "applications",
)


@dataclass(frozen=True)
class Asked:
    """Which totals: days from ``first`` to ``last``, of one campaign, zone, creative, or of all."""

    first: date
    last: date
    campaign_id: int | None = None
    zone: str = ""
    creative_id: int | None = None

    def days(self) -> list[date]:
        """Return every day of the period."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]


@dataclass(frozen=True)
class Total:
    """Sums, and the rates that follow from them (None where there is nothing to divide by)."""

    served: int = 0
    views: int = 0
    valid_views: int = 0
    viewers: int = 0
    clicks: int = 0
    valid_clicks: int = 0
    clickers: int = 0
    inquiries: int = 0
    applications: int = 0

    @property
    def view_rate(self) -> float | None:
        """Valid views of what was sent to pages."""
        return min(1.0, self.valid_views / self.served) if self.served else None

    @property
    def click_rate(self) -> float | None:
        """Valid clicks of valid views."""
        return self.valid_clicks / self.valid_views if self.valid_views else None

    @property
    def conversions(self) -> int:
        """Inquiries and applications."""
        return self.inquiries + self.applications


def _sums() -> list[Any]:
    return [func.coalesce(func.sum(getattr(AdCount, name)), 0).label(name) for name in SUMS]


def _within(wanted: Select[Any], asked: Asked) -> Select[Any]:
    wanted = wanted.where(AdCount.day >= asked.first, AdCount.day <= asked.last)
    if asked.campaign_id is not None:
        wanted = wanted.where(AdCount.campaign_id == asked.campaign_id)
    if asked.zone:
        wanted = wanted.where(AdCount.zone == asked.zone)
    if asked.creative_id is not None:
        wanted = wanted.where(AdCount.creative_id == asked.creative_id)
    return wanted


def _total(row: Any) -> Total:
    return Total(**{name: int(getattr(row, name)) for name in SUMS})


def _may_see(user: User) -> bool:
    return user.may("ads.manage") or user.may("ads.approve")


def by_day_for(user: User, asked: Asked) -> dict[date, Total]:
    """Return the totals of each day; days without any are zero."""
    totals = dict.fromkeys(asked.days(), Total())
    if _may_see(user):
        wanted = _within(select(AdCount.day, *_sums()).group_by(AdCount.day), asked)
        totals |= {row.day: _total(row) for row in db.session.execute(wanted)}
    return totals


def by_campaign_for(user: User, asked: Asked) -> dict[int, Total]:
    """Return campaign → totals."""
    if not _may_see(user):
        return {}
    wanted = _within(select(AdCount.campaign_id, *_sums()).group_by(AdCount.campaign_id), asked)
    return {row.campaign_id: _total(row) for row in db.session.execute(wanted)}


def by_part_for(user: User, asked: Asked) -> dict[tuple[int, str], Total]:
    """Return (creative, zone) → totals."""
    if not _may_see(user):
        return {}
    wanted = select(AdCount.creative_id, AdCount.zone, *_sums())
    wanted = _within(wanted.group_by(AdCount.creative_id, AdCount.zone), asked)
    return {(row.creative_id, row.zone): _total(row) for row in db.session.execute(wanted)}


def reasons_for(user: User, asked: Asked) -> list[tuple[str, str, int]]:
    """Return (view or click, reason, count) of what did not count, the most frequent first."""
    if not _may_see(user):
        return []
    count = func.sum(AdReason.count)
    wanted = select(AdReason.kind, AdReason.reason, count.label("number"))
    wanted = wanted.where(AdReason.day >= asked.first, AdReason.day <= asked.last)
    if asked.campaign_id is not None:
        wanted = wanted.where(AdReason.campaign_id == asked.campaign_id)
    wanted = wanted.group_by(AdReason.kind, AdReason.reason).order_by(count.desc())
    return [(row.kind, row.reason, int(row.number)) for row in db.session.execute(wanted)]


def lines_for(user: User, asked: Asked) -> Sequence[Any]:
    """Return the totals as kept, for a sheet: day, ref, advertiser, creative, zone, sums."""
    if not _may_see(user):
        return []
    wanted = (
        select(
            AdCount.day,
            Campaign.ref,
            Campaign.advertiser,
            Creative.name.label("creative"),
            AdCount.zone,
            *(getattr(AdCount, name) for name in SUMS),
        )
        .join(Campaign, Campaign.id == AdCount.campaign_id)
        .outerjoin(Creative, Creative.id == AdCount.creative_id)
        .order_by(AdCount.day, Campaign.ref, AdCount.creative_id, AdCount.zone)
    )
    return db.session.execute(_within(wanted, asked)).all()


def summed(totals: Sequence[Total]) -> Total:
    """Return several totals as one."""
    return Total(**{name: sum(getattr(each, name) for each in totals) for name in SUMS})
