"""Sentences about times and steps on the pages of tracking."""

from typing import Any

from portal.consignments.rules.vocabulary import BIG_STEP_TEXT, REASON_TEXT, BigStep
from portal.consignments.rules.vocabulary import text as status_text
from portal.consignments.shown.words import delivery_of
from portal.core.i18n import gettext as _
from portal.core.i18n import instant
from portal.tracking.rules import Entry

_OVER = ("delivered", "closed", "returned", "cancelled")


def big_step_name(step: BigStep) -> str:
    """Return the localized name of a big step."""
    return str(BIG_STEP_TEXT[step])


def line_of(consignment: Any, entries: list[Entry]) -> list[dict[str, Any]]:
    """Return the items of the transit line, the newest first, what is to come on top."""
    return [*_to_come(consignment), *map(_item, entries)]


def _to_come(consignment: Any) -> list[dict[str, Any]]:
    planned, estimated = consignment.delivery_planned, delivery_of(consignment).at
    if consignment.status in _OVER or not (planned or estimated):
        return []
    under = _("Planned: %(at)s", at=instant(planned)) if planned and estimated else None
    return [
        {
            "when": "estimated" if estimated else "planned",
            "title": status_text("delivered"),
            "text": None,
            "time": _("Expected: %(at)s", at=instant(estimated))
            if estimated
            else _("Planned: %(at)s", at=instant(planned)),
            "under": under,
        }
    ]


def _item(entry: Entry) -> dict[str, Any]:
    said = [
        entry.place,
        str(REASON_TEXT.get(entry.reason, "")) if entry.reason else None,
        entry.note,
    ]
    return {
        "id": entry.id,
        "when": entry.when,
        "title": status_text(entry.code),
        "text": _(" · ").join(filter(None, said)),
        "time": instant(entry.occurred_at),
    }


#: What templates of tracking call.
WORDS = {
    "big_step_name": big_step_name,
    "delivery_of": delivery_of,
    "line_of": line_of,
}
