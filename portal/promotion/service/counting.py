"""Writing what was shown, seen and clicked, with the totals of its day in the same transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Table, and_, bindparam, case, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.core import counters
from portal.core.db import Identity, is_sqlite
from portal.core.prepared import Prepared
from portal.promotion.models import AdConversion, AdCount, AdHit, AdReason, Campaign
from portal.promotion.rules import counting
from portal.promotion.rules.counting import Hit

_HIT = AdHit.__table__
_CAMPAIGN = Campaign.__table__
NOTHING = dict.fromkeys(
    (
        "served",
        "views",
        "valid_views",
        "viewers",
        "clicks",
        "valid_clicks",
        "clickers",
        "inquiries",
        "applications",
    ),
    0,
)
#: Day, campaign, creative, zone.
Key = tuple[date, int, int, str]
#: Of what did not count, so many single ones of a visitor are kept in a day; the rest are sums.
MOST_REJECTED = 100
_VALID = _HIT.c.reason.is_(None)
_OF_CREATIVE = _HIT.c.creative_id == bindparam("creative", type_=Identity)


def _number(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


#: What this visitor has done today: valid ones, those of the creative, those that did not count.
_SO_FAR = Prepared(
    select(
        _number(_VALID).label("valid"),
        _number(and_(_VALID, _OF_CREATIVE)).label("of_this"),
        _number(_HIT.c.reason.is_not(None)).label("rejected"),
    ).where(
        _HIT.c.visitor == bindparam("visitor"),
        _HIT.c.day == bindparam("day"),
        _HIT.c.kind == bindparam("kind"),
    )
)
_KEEP = Prepared(insert(_HIT))
_DELIVER = Prepared(
    update(_CAMPAIGN)
    .where(_CAMPAIGN.c.id == bindparam("campaign"))
    .values(delivered=_CAMPAIGN.c.delivered + 1)
)


@dataclass(frozen=True)
class Reported:
    """A view or click as it came in: what it is about (None: made up), from whom, when."""

    hit: Hit
    visitor: str
    day: date
    at: datetime
    impression: str | None = None
    campaign_id: int | None = None
    creative_id: int | None = None
    zone: str | None = None


def record(reported: Reported, *, on: Connection) -> str | None:
    """Keep a view or click and count it; return why it is not valid, None if it is."""
    asked = {
        "visitor": reported.visitor,
        "day": reported.day,
        "kind": reported.hit.kind,
        "creative": reported.creative_id,
    }
    so_far = _SO_FAR.first(on, asked)
    reason = counting.reason_against(replace(reported.hit, so_far=so_far.valid))
    reason = _keep(reported, reason, so_far.rejected < MOST_REJECTED, on)
    _count(reported, reason, is_first=so_far.of_this == 0, on=on)
    return reason


def _keep(reported: Reported, reason: str | None, has_room: bool, on: Connection) -> str | None:
    """Keep the row; a second valid one of the same id is a replay, also from another process."""
    row: dict[str, Any] = {
        "kind": reported.hit.kind,
        "impression": reported.impression,
        "campaign_id": reported.campaign_id,
        "creative_id": reported.creative_id,
        "zone": reported.zone,
        "visitor": reported.visitor,
        "day": reported.day,
        "at": reported.at,
        "reason": reason,
    }
    if reason is None:
        once = sqlite_insert(_HIT) if is_sqlite(on) else postgresql_insert(_HIT)
        if _added(once.values(row), _HIT, on):
            return None
        reason = row["reason"] = "replay"
    if has_room:
        _KEEP.run(on, row)
    return reason


def _added(once: Any, table: Table, on: Connection) -> bool:
    """Insert a row unless there is one that it may not stand beside; return whether it was."""
    wanted = once.on_conflict_do_nothing().returning(table.c.id)
    return on.scalar(wanted) is not None


def _count(reported: Reported, reason: str | None, *, is_first: bool, on: Connection) -> None:
    kind, is_valid = reported.hit.kind, reason is None
    campaign = reported.campaign_id or 0
    if campaign and reported.creative_id and reported.zone:
        key = (reported.day, campaign, reported.creative_id, reported.zone)
        person = "viewers" if kind == "view" else "clickers"
        new = int(is_valid and is_first)
        add({key: {f"{kind}s": 1, f"valid_{kind}s": int(is_valid), person: new}}, on=on)
    if is_valid and kind == "view":
        _DELIVER.run(on, {"campaign": campaign})
    if reason is not None:
        row = {"day": reported.day, "campaign_id": campaign, "kind": kind, "reason": reason}
        counters.add(AdReason.__table__, [{**row, "count": 1}], on=on)


def add(changes: Mapping[Key, Mapping[str, int]], *, on: Connection) -> None:
    """Add to the totals of days, by campaign, creative and zone."""
    counters.add(AdCount.__table__, [_total(key, more) for key, more in changes.items()], on=on)


def _total(key: Key, more: Mapping[str, int]) -> dict[str, Any]:
    names = ("day", "campaign_id", "creative_id", "zone")
    return {**dict(zip(names, key, strict=True)), **NOTHING, **more}


def add_served(served: Mapping[Key, int], *, on: Connection) -> None:
    """Add how often creatives were sent to pages."""
    if served:
        add({key: {"served": count} for key, count in served.items()}, on=on)


@dataclass(frozen=True)
class Followed:
    """A click that an inquiry or application followed."""

    campaign_id: int
    creative_id: int
    zone: str
    clicked_at: datetime


def convert(
    kind: str, ref: str, clicks: Iterable[Followed], *, at: datetime, day: date, on: Connection
) -> int | None:
    """Count an inquiry or application for the latest click whose campaign's window is open.

    Returns the campaign; None where none is open, or ``ref`` has been counted before.
    """
    for click in clicks:
        window = select(_CAMPAIGN.c.window_days).where(_CAMPAIGN.c.id == click.campaign_id)
        days = on.scalar(window)
        if days is not None and 0 <= (at - click.clicked_at).total_seconds() <= days * 86_400:
            return click.campaign_id if _converted(kind, ref, click, at, day, on) else None
    return None


def _converted(
    kind: str, ref: str, click: Followed, at: datetime, day: date, on: Connection
) -> bool:
    table = AdConversion.__table__
    once = sqlite_insert(table) if is_sqlite(on) else postgresql_insert(table)
    row = {"kind": kind, "ref": ref, "at": at, **click.__dict__}
    if not _added(once.values(row), table, on):
        return False
    column = {"inquiry": "inquiries", "application": "applications"}[kind]
    add({(day, click.campaign_id, click.creative_id, click.zone): {column: 1}}, on=on)
    return True
