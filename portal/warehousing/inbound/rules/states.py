"""States of a notice and the moves between them: docs/warehouse-inbound.md shows this table."""

from collections.abc import Sequence

from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext

#: State → what it is called, in the order in which a notice goes through them.
STATES = {
    "draft": lazy_pgettext("inbound", "Draft"),
    "announced": lazy_pgettext("inbound", "Announced"),
    "scheduled": lazy_pgettext("inbound", "Slot booked"),
    "arrived": lazy_pgettext("inbound", "Arrived"),
    "receiving": lazy_pgettext("inbound", "Being received"),
    "received": lazy_pgettext("inbound", "Received"),
    "putting_away": lazy_pgettext("inbound", "Being put away"),
    "completed": lazy_pgettext("inbound", "In storage"),
    "cancelled": lazy_pgettext("inbound", "Cancelled"),
}
#: State → states that may follow it. A slot that is given up leads back to announced.
NEXT: dict[str, frozenset[str]] = {
    "draft": frozenset({"announced", "cancelled"}),
    "announced": frozenset({"scheduled", "arrived", "cancelled"}),
    "scheduled": frozenset({"announced", "arrived", "cancelled"}),
    "arrived": frozenset({"receiving", "cancelled"}),
    "receiving": frozenset({"received"}),
    "received": frozenset({"putting_away"}),
    "putting_away": frozenset({"completed"}),
    "completed": frozenset(),
    "cancelled": frozenset(),
}
NOT_FOUND = _l("There is no inbound notice with that reference.")
WAY = tuple(state for state in STATES if state != "cancelled")
#: Its lines may still be changed, and a slot chosen.
EDITABLE = frozenset({"draft", "announced", "scheduled"})
CANCELLABLE = frozenset(state for state, after in NEXT.items() if "cancelled" in after)
#: On its way to the warehouse, or in it and not yet in storage.
EXPECTED = ("announced", "scheduled")
HERE = ("arrived", "receiving", "received", "putting_away")
OPEN = (*EXPECTED, *HERE)
#: Goods may be scanned in; and once there are some, they may be put away.
RECEIVABLE = frozenset({"arrived", "receiving"})
PUTTABLE = frozenset({"receiving", "received", "putting_away", "completed"})
#: State → pattern of the status flag: it fills up as the goods advance.
FLAGS = {
    "draft": "draft",
    "announced": "ordered",
    "scheduled": "pickup_assigned",
    "arrived": "picked_up",
    "receiving": "in_transit",
    "received": "dest_city",
    "putting_away": "out_for_delivery",
    "completed": "delivered",
    "cancelled": "cancelled",
}


def advance(current: str, wanted: str) -> str:
    """Return ``wanted`` if a notice may move to it from ``current``; raises Refused otherwise."""
    if wanted not in NEXT[current]:
        raise Refused(_why_not(current, wanted))
    return wanted


def steps(current: str, wanted: str) -> Sequence[str]:
    """Return the states to go through from ``current`` to ``wanted``, both on the usual way.

    A state is never left out: goods that were put away while others were still being received
    pass through ``received`` and ``putting_away`` at the same instant.
    """
    begin, end = WAY.index(current), WAY.index(wanted)
    return WAY[begin + 1 : end + 1]


def _why_not(current: str, wanted: str) -> object:
    if wanted == "cancelled":
        return _l("Goods of this notice have been received: it cannot be cancelled any more.")
    return _l(
        "This notice is “%(state)s”; that step is not open to it.",
        state=STATES[current],
    )
