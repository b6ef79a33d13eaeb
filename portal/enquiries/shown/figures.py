"""How soon the centre answers, for the public pages."""

from typing import Any

from flask import current_app

from portal.core import clock
from portal.core.i18n import gettext as _
from portal.core.i18n import number
from portal.enquiries import rules
from portal.enquiries.queries.figures import answer_time

KEPT_S = 300  # seconds for which nothing is counted anew: the home page is everybody's
_kept: dict[str, tuple[float, tuple[int | None, int]]] = {}


def measured() -> list[dict[str, Any]]:
    """Return the figure for the public pages; none while too few answers were given."""
    minutes, sample = _counted()
    if minutes is None:
        return []
    return [
        {
            "key": "answer_time",
            "label": _("First answer to a message"),
            "value": number(minutes / 60, 1 if minutes % 60 else 0),
            "unit": _("working hours"),
            "sample": _("%(count)s answers", count=number(sample)),
            "period": _("last %(days)s days, half were faster", days=rules.FIGURE_DAYS),
            "promise": _("Promise: within 4 working hours"),
        }
    ]


def _counted() -> tuple[int | None, int]:
    key, now = current_app.config["DATABASE_URL"], clock.now().timestamp()
    at, counted = _kept.get(key, (0.0, (None, 0)))
    if now - at > KEPT_S or current_app.testing:
        counted = answer_time()
        _kept[key] = now, counted
    return counted
