"""The demo's advertising: invented advertisers, in every state, with sixty days of figures."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection, select

from portal.accounts.models import Person
from portal.core import clock, counters, events, files, sequences
from portal.core.db import db
from portal.core.i18n import TAGS
from portal.demo.bookings import BOOKINGS, TRAFFIC, Booking, Design
from portal.demo.posters import ANIMATION, poster
from portal.promotion.events import about
from portal.promotion.models import AdCount, AdReason, Campaign, Creative
from portal.promotion.service.counting import NOTHING

DAYS = 60
#: Share of what is sent that half a second later is in sight, by zone.
SEEN = {
    "home_hero": 0.83,
    "strip": 0.52,
    "side": 0.58,
    "tracking": 0.66,
    "member_home": 0.61,
    "club": 0.57,
}
REASONS = (("bot", 0.034), ("headless", 0.012), ("too_fast", 0.008), ("replay", 0.006))
CLICK_REASONS = (("no_view", 0.11), ("bot", 0.06), ("replay", 0.04))
WEEK = (1.0, 1.05, 1.02, 1.0, 0.94, 0.46, 0.38)  # Monday first


def load(rng: Random, now: datetime) -> None:
    """Make the campaigns with their pictures and figures; in the current transaction."""
    on = db.session.connection()
    maker, approver = _staff("marketing"), _staff("manager")
    for booking in BOOKINGS:
        campaign = _campaign(booking, now, maker, approver, on)
        creatives = [_creative(campaign, design) for design in booking.designs]
        if booking.share:
            campaign.delivered = _count(campaign, booking, creatives, (rng, now, on))
        if booking.is_booked:
            campaign.booked = _booked(campaign, now)
        _log(campaign, booking, (maker, approver), on)
    db.session.flush()


def _staff(role: str) -> int:
    found = select(Person.id).where(Person.staff_role == role).order_by(Person.id).limit(1)
    return int(db.session.scalars(found).one())


def _campaign(
    booking: Booking, now: datetime, maker: int, approver: int, on: Connection
) -> Campaign:
    midnight = now.astimezone(clock.zone()).replace(hour=0, minute=0, second=0, microsecond=0)
    first, last = booking.runs
    campaign = Campaign(
        ref=f"AD-{sequences.take('ad campaign', 1, on=on)[0]:04d}",
        advertiser=booking.advertiser,
        title=booking.title,
        address=booking.address,
        state=booking.state,
        starts_at=midnight + timedelta(days=first),
        ends_at=None if last is None else midnight + timedelta(days=last + 1),
        priority=booking.priority,
        weight=booking.weight,
        cap=booking.cap,
        targeting=booking.targeting,
        authors=[maker],
        created_by=maker,
        approved_by=None if booking.state == "in_review" else approver,
        created_at=midnight + timedelta(days=min(first, 0) - 3, hours=9, minutes=20),
    )
    db.session.add(campaign)
    db.session.flush()
    return campaign


def _creative(campaign: Campaign, design: Design) -> Creative:
    pictures = {tag: _picture(design, tag) for tag in TAGS} if design.scene else {}
    creative = Creative(
        campaign_id=campaign.id,
        kind=design.kind,
        name=design.name,
        zones=list(design.zones),
        weight=design.weight,
        words={tag: _words(design, tag) for tag in TAGS},
        colour=design.colour,
        picture=pictures.pop("zh-Hans", None),
        pictures=pictures,
        width=1600 if design.scene else None,
        height=320 if design.scene else None,
    )
    if design.kind == "html5":
        headline, _ = design.words["zh-Hans"]
        line, _ = design.words["en"]  # one file speaks to all
        html = ANIMATION.format(language="zh-Hans", headline=headline, line=line)
        creative.media, creative.media_type = (
            files.keep(html.encode(), "text/html").key,
            "text/html",
        )
    db.session.add(creative)
    db.session.flush()
    return creative


def _picture(design: Design, tag: str) -> str:
    return files.keep(poster(design.scene, *design.words[tag], tag), "image/jpeg").key


def _words(design: Design, tag: str) -> dict[str, str]:
    headline, line = design.words[tag]
    if design.kind == "text":
        return {"headline": headline, "line": line}
    return {"alt": f"{headline}。{line}。" if tag != "en" else f"{headline}. {line}."}


def _booked(campaign: Campaign, now: datetime) -> int:
    """Return a booking of which delivery is about where it should be; an ended one is done."""
    if campaign.ends_at is None or not campaign.delivered:
        return 12_000
    if campaign.state == "ended":
        return campaign.delivered
    passed = (now - campaign.starts_at) / (campaign.ends_at - campaign.starts_at)
    return int(round(campaign.delivered / passed * 1.01, -2))


def _count(
    campaign: Campaign,
    booking: Booking,
    creatives: list[Creative],
    by: tuple[Random, datetime, Connection],
) -> int:
    """Write the totals of its days; return its valid views."""
    rng, now, on = by
    totals: list[dict[str, Any]] = []
    reasons: list[dict[str, Any]] = []
    for day, part in _days(campaign, now):
        for creative, design in zip(creatives, booking.designs, strict=True):
            for zone in design.zones:
                busy = TRAFFIC[zone] * booking.share * part / len(booking.designs)
                total = _total(busy * rng.uniform(0.86, 1.14), SEEN[zone], design.rate, rng)
                key = {"campaign_id": campaign.id, "creative_id": creative.id, "zone": zone}
                totals.append({"day": day, **key, **NOTHING, **total})
                reasons += _reasons(day, campaign.id, total, rng)
    counters.add(AdCount.__table__, totals, on=on)
    counters.add(AdReason.__table__, reasons, on=on)
    return sum(each["valid_views"] for each in totals)


def _days(campaign: Campaign, now: datetime) -> list[tuple[date, float]]:
    """Return the days it ran, each with how busy it was; today as far as it has come."""
    local = now.astimezone(clock.zone())
    first = campaign.starts_at.astimezone(clock.zone()).date()
    end = campaign.ends_at.astimezone(clock.zone()).date() if campaign.ends_at else None
    last = min(local.date(), end - timedelta(days=1)) if end else local.date()
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    share_of_today = (local.hour + 1) / 24
    return [
        (day, WEEK[day.weekday()] * (share_of_today if day == local.date() else 1.0))
        for day in days
    ]


def _total(busy: float, seen: float, rate: float, rng: Random) -> dict[str, int]:
    served = round(busy)
    views = sum(rng.random() < seen for _ in range(served))
    valid = sum(rng.random() < 0.94 for _ in range(views))
    valid_clicks = sum(rng.random() < rate for _ in range(valid))
    clicks = valid_clicks + sum(rng.random() < rate * 0.25 for _ in range(valid))
    return {
        "served": served,
        "views": views,
        "valid_views": valid,
        "viewers": round(valid * rng.uniform(0.58, 0.66)),
        "clicks": clicks,
        "valid_clicks": valid_clicks,
        "clickers": valid_clicks,
        "inquiries": sum(rng.random() < 0.06 for _ in range(valid_clicks)),
        "applications": sum(rng.random() < 0.02 for _ in range(valid_clicks)),
    }


def _reasons(day: date, campaign: int, total: dict[str, int], rng: Random) -> list[dict[str, Any]]:
    """Return why what was not valid of a total did not count."""
    found = []
    for kind, missing, shares in (
        ("view", total["views"] - total["valid_views"], REASONS),
        ("click", total["clicks"] - total["valid_clicks"], CLICK_REASONS),
    ):
        names = rng.choices([n for n, _ in shares], [s for _, s in shares], k=missing)
        found += [
            {"day": day, "campaign_id": campaign, "kind": kind, "reason": name, "count": 1}
            for name in names
        ]
    return found


def _log(campaign: Campaign, booking: Booking, people: tuple[int, int], on: Connection) -> None:
    """Write who made, sent, approved it, and when it began and ended."""
    maker, approver = people
    made = campaign.created_at
    rows = [_event(campaign, "made", maker, made, advertiser=campaign.advertiser)]
    rows += [
        _event(
            campaign,
            "creative_kept",
            maker,
            made + timedelta(minutes=14 + 6 * n),
            creative=each.name,
            is_new=True,
        )
        for n, each in enumerate(booking.designs)
    ]
    steps = [("draft", "in_review", maker, timedelta(hours=5))]
    if booking.state != "in_review":
        steps.append(("in_review", "approved", approver, timedelta(hours=27)))
        steps.append(("approved", "running", 0, campaign.starts_at - made))
    if booking.state == "ended" and campaign.ends_at:
        steps.append(("running", "ended", 0, campaign.ends_at - made))
    rows += [
        _event(
            campaign, "moved", actor or None, made + after, state_before=before, state=to, note=""
        )
        for before, to, actor, after in steps
    ]
    events.INSERT.run_many(on, rows)


def _event(
    campaign: Campaign, name: str, actor: int | None, at: datetime, **payload: Any
) -> dict[str, Any]:
    return {
        "name": f"campaign.{name}",
        "company_id": None,
        "actor_id": actor,
        "about": about(campaign.ref),
        "payload": {"actor_id": actor, "company_id": None, "ref": campaign.ref, **payload},
        "recorded_at": at,
    }
