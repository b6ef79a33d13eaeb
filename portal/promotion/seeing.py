"""What a request reports of advertisements, brought to the counting."""

from dataclasses import dataclass

from sqlalchemy import bindparam, func, select

from portal.core import clock
from portal.core.db import reading, write
from portal.core.prepared import Prepared
from portal.promotion import visitors
from portal.promotion.models import AdHit, Campaign, Creative
from portal.promotion.queries import roster
from portal.promotion.queries.roster import Card
from portal.promotion.rules.counting import Hit, Sender
from portal.promotion.served import Served
from portal.promotion.service import counting
from portal.promotion.service.counting import Reported
from portal.promotion.visitors import Shown

SENT = Served()
_VIEWS_TODAY = Prepared(
    select(AdHit.campaign_id, func.count().label("views"))
    .where(
        AdHit.visitor == bindparam("visitor"),
        AdHit.day == bindparam("day"),
        AdHit.kind == "view",
        AdHit.reason.is_(None),
    )
    .group_by(AdHit.campaign_id)
)
_TARGET = Prepared(
    select(Campaign.id.label("campaign_id"), Campaign.address, Creative.kind)
    .join(Creative, Creative.campaign_id == Campaign.id)
    .where(Creative.id == bindparam("creative"))
)


@dataclass(frozen=True)
class Target:
    """Where a creative's clicks lead, and whether its campaign may be shown now."""

    campaign_id: int
    address: str
    kind: str
    is_running: bool


def served(card: Card, zone: str) -> None:
    """Count that a creative was sent to a page."""
    SENT.add((visitors.today(), card.campaign_id, card.id, zone))
    if SENT.is_due():
        flush()


def flush() -> None:
    """Write what was sent since the last time."""
    counts = SENT.take()
    try:
        write(lambda on: counting.add_served(counts, on=on))
    except BaseException:
        SENT.put_back(counts)
        raise


def views_today() -> dict[int, int]:
    """Return campaign → valid views of this visitor today."""
    asked = {"visitor": visitors.visitor(), "day": visitors.today()}
    return {row.campaign_id: row.views for row in _VIEWS_TODAY.all(reading(), asked)}


def target_of(shown: Shown) -> Target | None:
    """Return where the clicks of a creative lead; also of one that is not shown any more."""
    kept = roster.now()
    card = kept.cards.get(shown.creative)
    if card is not None:
        is_due = kept.is_in_time(card.campaign_id, clock.now())
        return Target(card.campaign_id, card.address, card.kind, is_due)
    row = _TARGET.first(reading(), {"creative": shown.creative})
    return Target(row.campaign_id, row.address, row.kind, False) if row else None


def report(kind: str, shown: Shown | None, sender: Sender) -> str | None:
    """Keep and count a view or click; return why it is not valid, None if it is.

    ``shown`` is None where the id is not one of ours.
    """
    reported = _reported(kind, shown, sender)
    reason = write(lambda on: counting.record(reported, on=on))
    if reason is None and kind == "view" and reported.campaign_id:
        roster.now().count(reported.campaign_id)
    if SENT.is_due():
        flush()
    return reason


def _reported(kind: str, shown: Shown | None, sender: Sender) -> Reported:
    now, visitor, day = clock.now(), visitors.visitor(), visitors.today()
    target = target_of(shown) if shown else None
    if shown is None or target is None:
        return Reported(Hit(kind, sender, None), visitor, day, now)
    hit = Hit(
        kind,
        sender,
        age=now - shown.at if shown.at else None,
        creative_kind=target.kind,
        is_visitors_own=_is_own(shown),
        is_running=target.is_running,
        is_measured=shown.impression is not None,
    )
    return Reported(
        hit, visitor, day, now, shown.impression, target.campaign_id, shown.creative, shown.zone
    )


def _is_own(shown: Shown) -> bool:
    """Return whether an id was made for whoever sends it; who he is was said on that day."""
    if shown.visitor is None or shown.at is None:
        return True
    return shown.visitor == visitors.visitor(shown.at.astimezone(clock.zone()).date())
