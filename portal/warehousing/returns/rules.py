"""Rules of returns: their way, what may be said of goods that came back, what is done with them."""

from collections.abc import Collection, Mapping

from portal.core.errors import NotFound, Refused
from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext

STATUSES = {
    "requested": _l("Requested"),
    "authorised": _l("Authorised"),
    "in_transit": _l("On its way"),
    "received": lazy_pgettext("return", "Received"),
    "inspected": _l("Inspected"),
    "restocked": _l("Restocked"),
    "scrapped": _l("Scrapped"),
    "sent_back": _l("Sent back"),
    "closed": _l("Closed"),
    "refused": lazy_pgettext("return", "Refused"),
    "cancelled": _l("Cancelled"),
}
#: Status → those that may follow it.
NEXT: Mapping[str, frozenset[str]] = {
    "requested": frozenset({"authorised", "refused", "cancelled"}),
    "authorised": frozenset({"in_transit", "received", "cancelled"}),
    "in_transit": frozenset({"received", "cancelled"}),
    "received": frozenset({"inspected"}),
    "inspected": frozenset({"restocked", "scrapped", "sent_back"}),
    "restocked": frozenset({"closed"}),
    "scrapped": frozenset({"closed"}),
    "sent_back": frozenset({"closed"}),
}
COMING = ("authorised", "in_transit")
SETTLED = ("restocked", "scrapped", "sent_back")
#: Which of them names a return, the first before the others.
_BEST = ("restocked", "sent_back", "scrapped")
ENDED = ("closed", "refused", "cancelled")
OPEN = ("requested", *COMING, "received", "inspected", *SETTLED)
REASONS = {
    "refused": _l("The consignee refused them"),
    "undeliverable": _l("They could not be delivered"),
    "wrong": _l("Wrong goods were sent"),
    "damaged": _l("They arrived damaged"),
    "not_needed": _l("The consignee does not need them"),
    "recall": _l("They are called back"),
    "other": _l("Another reason"),
}
PART_STATUSES = {
    "received": _l("To be inspected"),
    "inspected": _l("The owner decides"),
    "decided": _l("Decided"),
    "restocked": _l("Restocked"),
    "scrapped": _l("Scrapped"),
    "sent_back": _l("Sent back"),
}
CONDITIONS = {
    "as_new": _l("As new"),
    "opened": lazy_pgettext("goods", "Opened"),
    "incomplete": _l("Incomplete"),
    "damaged": _l("Damaged"),
    "wrong": _l("Not what it should be"),
    "expired": _l("Past its date"),
}
DISPOSITIONS = {
    "restock": _l("Put back into stock"),
    "scrap": _l("Scrap"),
    "send_back": _l("Send back to the owner"),
}
#: What a part becomes when its disposition has been carried out.
DONE = {"restock": "restocked", "scrap": "scrapped", "send_back": "sent_back"}
#: In these conditions nothing goes back into stock.
NOT_RESTOCKED = frozenset({"damaged", "expired"})
MOST_LINES = 200
MAX_NOTE = 500  # characters


def missing() -> NotFound:
    """Return the one answer to who asks for what is not there or not his."""
    return NotFound(_l("There is no such return."))


def advance(current: str, wanted: str) -> str:
    """Return ``wanted`` if a return may come to it from ``current``; raises Refused otherwise."""
    if wanted not in NEXT.get(current, ()):
        raise Refused(
            _l(
                "This return is “%(status)s”. Load the page again to see what can be done now.",
                status=STATUSES[current],
            )
        )
    return wanted


def check_disposition(condition: str, disposition: str) -> None:
    """Raise Refused where goods in a condition cannot be dealt with like this."""
    if disposition not in DISPOSITIONS:
        raise Refused(_l("Choose what shall be done with the goods."))
    if disposition == "restock" and condition in NOT_RESTOCKED:
        raise Refused(
            _l("Damaged and expired goods do not go back into stock. Scrap them or send them back.")
        )


def outcome(done: Collection[str]) -> str:
    """Return the status of a return whose parts came to these ends.

    What went back into stock names it before what was sent back, and that before what was
    scrapped.
    """
    return next((each for each in _BEST if each in done), "scrapped")
