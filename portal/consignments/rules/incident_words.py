"""The words of incidents: names of classes, states and reasons, and what their owner can do."""

from typing import Any

from portal.consignments.rules.incidents import Kind, State
from portal.consignments.rules.vocabulary import REASON_TEXT as EVENT_REASON_TEXT
from portal.consignments.rules.vocabulary import Status
from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext

KIND_TEXT: dict[str, Any] = {
    Kind.NO_FIRST_SCAN: _l("No first scan"),
    Kind.NO_SCAN: _l("No scan for hours"),
    Kind.LATE_PICKUP: _l("Pick-up late"),
    Kind.LATE_DELIVERY: _l("Delivery late"),
    Kind.STUCK_AT_HUB: _l("Stuck at the hub"),
    Kind.FAILED_ATTEMPT: _l("Failed attempt"),
    Kind.WRONG_ADDRESS: _l("Wrong address"),
    Kind.DAMAGE: _l("Damage"),
    Kind.SHORTAGE: _l("Pieces missing"),
    Kind.TEMPERATURE: _l("Temperature out of range"),
    Kind.CUSTOMS_HOLD: _l("Held by customs"),
    Kind.MISSING_PAPER: _l("Paper missing"),
    Kind.DELAY: _l("Delay on the way"),
    Kind.OTHER: _l("Other incident"),
}
_FORESEEN = _l("Delivery foreseen late")
STATE_TEXT: dict[str, Any] = {
    State.OPEN: lazy_pgettext("incident", "Open"),
    State.ACKNOWLEDGED: _l("Acknowledged"),
    State.WORKING: _l("Being worked on"),
    State.RESOLVED: lazy_pgettext("incident", "Resolved"),
    State.WRITTEN_OFF: lazy_pgettext("incident", "Written off"),
}
#: What the owner may do about it, or what we do; one sentence that he can act on.
ADVICE: dict[str, Any] = {
    Kind.NO_FIRST_SCAN: _l(
        "The goods were picked up, but no hub has scanned them yet. We are asking the driver; "
        "you need not do anything."
    ),
    Kind.NO_SCAN: _l(
        "Nobody has scanned the goods for longer than usual. We are looking for them and tell "
        "you here what we find."
    ),
    Kind.LATE_PICKUP: _l(
        "The driver has not come in time. Keep the goods ready; we are sending somebody. If they "
        "are not ready, tell us so that he does not come in vain."
    ),
    Kind.LATE_DELIVERY: _l(
        "The promised time has passed. Tell your consignee the new time, or ask us to deliver "
        "to another address."
    ),
    Kind.STUCK_AT_HUB: _l(
        "The goods have stood at the hub for longer than usual. We are sending them on."
    ),
    Kind.FAILED_ATTEMPT: _l(
        "We came, but nobody could hand over or take the goods. Ask there when somebody is in, and "
        "whether the phone number is right; we try again on the next round."
    ),
    Kind.WRONG_ADDRESS: _l(
        "The address is not right. Check it with the consignee and tell us the right one: until "
        "then the goods wait."
    ),
    Kind.DAMAGE: _l(
        "The goods or their packing are damaged. Look at the photos and tell us whether to "
        "deliver, to repack or to send them back."
    ),
    Kind.SHORTAGE: _l(
        "Fewer pieces are here than were ordered. Check how many you handed over; we are "
        "counting again."
    ),
    Kind.TEMPERATURE: _l(
        "The temperature left the range that you gave. Tell us whether the goods may still be "
        "delivered."
    ),
    Kind.CUSTOMS_HOLD: _l(
        "Customs hold the goods. Have the invoice and the commodity codes ready: we ask you when "
        "they want to see them."
    ),
    Kind.MISSING_PAPER: _l("A paper is missing. Send it to us, so that the goods can go on."),
    Kind.DELAY: _l(
        "The goods are held up on the way. The expected time of delivery is kept current."
    ),
    Kind.OTHER: _l("Something is wrong with this consignment. We are working on it."),
}
_ADVICE_FORESEEN = _l(
    "We expect to deliver later than promised. Tell your consignee the expected time, or ask us "
    "to deliver to another address."
)
#: Why an incident was resolved, as a person may say.
RESOLVED: dict[str, Any] = {
    "put_right": _l("Put right"),
    "explained": _l("Explained: nothing was wrong"),
    "address_corrected": _l("Address corrected"),
    "consignee_reached": _l("Consignee reached, new time agreed"),
    "found": _l("Goods found"),
    "repacked": _l("Repacked or replaced"),
    "sent_back": _l("Sent back to the consignor"),
}
#: Why an incident was written off, as a person may say.
WRITTEN_OFF: dict[str, Any] = {
    "mistake": _l("Opened by mistake"),
    "duplicate": _l("Same as another incident"),
    "accepted": _l("Loss accepted"),
    "not_ours": _l("Not our doing"),
}
#: Why an incident was closed by a rule or by an event.
_BY_ITSELF: dict[str, Any] = {
    "cause_gone": _l("The cause is gone"),
    "delivered": _l("Delivered"),
    "ended": _l("The consignment has ended"),
    "event": _l("Reported as resolved"),
    "withdrawn": _l("The report was withdrawn"),
}
REASON_TEXT = {**RESOLVED, **WRITTEN_OFF, **_BY_ITSELF}
ACTION_TEXT: dict[str, Any] = {
    "opened": _l("Opened"),
    "again": _l("Reported again"),
    "came_true": _l("Foreseen, and now true"),
    "acknowledged": _l("Acknowledged"),
    "assigned": _l("Handed over"),
    "working": _l("Work begun"),
    "noted": _l("Noted"),
    "resolved": lazy_pgettext("incident", "Resolved"),
    "written_off": lazy_pgettext("incident", "Written off"),
    "told": _l("Owner told"),
    "undone": _l("Last step undone"),
}
OPENED_BY_TEXT: dict[str, Any] = {
    "rule": _l("found by rule"),
    "event": _l("reported on the way"),
    "person": _l("reported by hand"),
}


def kind_text(kind: str, predicted: bool = False) -> str:
    """Return the localized name of a class."""
    return str(_FORESEEN if predicted else KIND_TEXT.get(kind, kind))


def advice(kind: str, predicted: bool = False) -> str:
    """Return what the owner can do about an incident of a class, in his language."""
    return str(_ADVICE_FORESEEN if predicted else ADVICE.get(kind, ADVICE[Kind.OTHER]))


def closing_text(code: str | None) -> str:
    """Return the name of a reason: of an event, or of closing."""
    return str(REASON_TEXT.get(code) or EVENT_REASON_TEXT.get(code, code)) if code else ""


def closed_by_itself(status: str) -> str:
    """Return the reason for which a rule closes an incident of a consignment in ``status``."""
    if status in (Status.DELIVERED, Status.CLOSED):
        return "delivered"
    return "ended" if status in (Status.CANCELLED, Status.RETURNED) else "cause_gone"
