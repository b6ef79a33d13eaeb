"""How long an order has been where it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from portal.core.i18n import gettext as _
from portal.warehousing.outbound.rules import orders as rules

#: Status → after how long somebody should look why it is still there.
OLD_AFTER = {
    rules.SUBMITTED: timedelta(hours=1),
    rules.ACCEPTED: timedelta(hours=2),
    rules.ALLOCATED: timedelta(hours=24),
    rules.RELEASED: timedelta(hours=4),
    rules.PICKING: timedelta(hours=2),
    rules.PICKED: timedelta(hours=2),
    rules.CHECKED: timedelta(hours=2),
    rules.PACKED: timedelta(hours=4),
    rules.STAGED: timedelta(hours=12),
    rules.BACKORDERED: timedelta(days=7),
    rules.ON_HOLD: timedelta(days=2),
}


@dataclass(frozen=True)
class Age:
    """How long it has been in its status, in words, and whether that is too long."""

    text: str
    is_old: bool


def age(order: Any, present: datetime) -> Age:
    """Return how long an order has had its status."""
    lasts = max(present - order.status_at, timedelta())
    limit = OLD_AFTER.get(order.status)
    return Age(_in_words(lasts), limit is not None and lasts > limit)


def _in_words(lasts: timedelta) -> str:
    minutes = int(lasts.total_seconds() // 60)
    if minutes < 60:
        return _("%(minutes)s min", minutes=minutes)
    if minutes < 48 * 60:
        return _("%(hours)s h", hours=minutes // 60)
    return _("%(days)s days", days=minutes // (24 * 60))
