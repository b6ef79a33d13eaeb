"""Words and ages of the supervisor's board."""

from datetime import datetime
from typing import Any

from portal.core import clock
from portal.core.i18n import gettext as _
from portal.warehousing.ledger.rules import KINDS
from portal.warehousing.outbound.rules.orders import STATUSES
from portal.warehousing.outbound.rules.waves import METHODS, WAVE_STATUSES
from portal.warehousing.outbound.shown.words import FLAGS, WAVE_FLAGS

HOUR, DAY = 60, 24 * 60  # minutes


def age(since: datetime | None) -> str:
    """Return how long something waits: ``12 min``, ``3 h 05 min``, ``2 d 4 h``; "" if unknown."""
    if since is None:
        return ""
    minutes = max(0, int((clock.now() - since).total_seconds() // 60))
    if minutes < HOUR:
        return _("%(minutes)s min", minutes=minutes)
    if minutes < DAY:
        return _(
            "%(hours)s h %(minutes)s min", hours=minutes // HOUR, minutes=f"{minutes % HOUR:02d}"
        )
    return _("%(days)s d %(hours)s h", days=minutes // DAY, hours=minutes % DAY // HOUR)


#: What the templates are given.
NAMES: dict[str, Any] = {
    "age": age,
    "movement_kinds": KINDS,
    "order_states": STATUSES,
    "order_flags": FLAGS,
    "wave_states": WAVE_STATUSES,
    "wave_flags": WAVE_FLAGS,
    "methods": METHODS,
}
