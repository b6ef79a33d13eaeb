"""Rules of orders from stock: their statuses, what may follow what, and what may still change."""

from dataclasses import dataclass
from decimal import Decimal

from portal.core.errors import NotFound, Refused
from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext
from portal.core.quantities import NOTHING

#: What promises to lines of orders are for (``Allocation.purpose``).
PURPOSE = "outbound"
#: Purpose of promises to tasks that bring goods back: nobody else may count on them meanwhile.
RESTOCK = "restock"
DRAFT, SUBMITTED, ACCEPTED, ALLOCATED = "draft", "submitted", "accepted", "allocated"
RELEASED, PICKING, PICKED, CHECKED = "released", "picking", "picked", "checked"
PACKED, STAGED, SHIPPED, CLOSED = "packed", "staged", "shipped", "closed"
BACKORDERED, ON_HOLD, CANCELLED = "backordered", "on_hold", "cancelled"
#: The way of an order, in its order.
WAY = (
    DRAFT,
    SUBMITTED,
    ACCEPTED,
    ALLOCATED,
    RELEASED,
    PICKING,
    PICKED,
    CHECKED,
    PACKED,
    STAGED,
    SHIPPED,
    CLOSED,
)
#: Status → what it is called.
STATUSES = {
    DRAFT: lazy_pgettext("outbound", "Draft"),
    SUBMITTED: lazy_pgettext("outbound", "Submitted"),
    ACCEPTED: lazy_pgettext("outbound", "Accepted"),
    ALLOCATED: lazy_pgettext("outbound", "Allocated"),
    RELEASED: lazy_pgettext("outbound", "Released"),
    PICKING: lazy_pgettext("outbound", "Being picked"),
    PICKED: lazy_pgettext("outbound", "Picked"),
    CHECKED: lazy_pgettext("outbound", "Checked"),
    PACKED: lazy_pgettext("outbound", "Packed"),
    STAGED: lazy_pgettext("outbound", "Staged"),
    SHIPPED: lazy_pgettext("outbound", "Shipped"),
    CLOSED: lazy_pgettext("outbound", "Closed"),
    BACKORDERED: lazy_pgettext("outbound", "Back-ordered"),
    ON_HOLD: lazy_pgettext("outbound", "On hold"),
    CANCELLED: lazy_pgettext("outbound", "Cancelled"),
}
#: Status → what may follow. Back from picking: what was picked is not there, or not fit.
NEXT: dict[str, frozenset[str]] = {
    DRAFT: frozenset({SUBMITTED, CANCELLED}),
    SUBMITTED: frozenset({ACCEPTED, ON_HOLD, CANCELLED}),
    ACCEPTED: frozenset({ALLOCATED, BACKORDERED, ON_HOLD, CANCELLED}),
    BACKORDERED: frozenset({ALLOCATED, ACCEPTED, ON_HOLD, CANCELLED}),
    ALLOCATED: frozenset({RELEASED, BACKORDERED, ACCEPTED, ON_HOLD, CANCELLED}),
    RELEASED: frozenset({PICKING, ALLOCATED, ON_HOLD, CANCELLED}),
    PICKING: frozenset({PICKED, RELEASED, BACKORDERED, CANCELLED}),
    PICKED: frozenset({CHECKED, PICKING, CANCELLED}),
    CHECKED: frozenset({PACKED, PICKING, PICKED, CANCELLED}),
    PACKED: frozenset({STAGED, CHECKED, CANCELLED}),
    STAGED: frozenset({SHIPPED, PACKED, CANCELLED}),
    SHIPPED: frozenset({CLOSED}),
    CLOSED: frozenset(),
    ON_HOLD: frozenset({SUBMITTED, ACCEPTED, BACKORDERED, ALLOCATED, CANCELLED}),
    CANCELLED: frozenset(),
}
#: Before anything was taken from its place for it.
BEFORE_PICKING = frozenset({SUBMITTED, ACCEPTED, BACKORDERED, ALLOCATED, RELEASED})
#: Statuses in which goods may be promised to it.
ALLOCATABLE = frozenset({ACCEPTED, BACKORDERED})
#: Statuses in which its lines may still be changed by its owner.
CHANGEABLE = frozenset({DRAFT, SUBMITTED, ACCEPTED, BACKORDERED, ALLOCATED, ON_HOLD})
#: Statuses in which it may still go to another consignee: until its labels are made.
REDIRECTABLE = CHANGEABLE | {RELEASED, PICKING, PICKED, CHECKED}
#: Statuses in which it may be cancelled; what was picked by then has to be put back.
CANCELLABLE = frozenset(NEXT) - {SHIPPED, CLOSED, CANCELLED}
#: Statuses in which it is nobody's work any more.
ENDED = frozenset({SHIPPED, CLOSED, CANCELLED})
OPEN = tuple(status for status in STATUSES if status not in ENDED and status != DRAFT)
#: What happens where there is not enough: policy → what it is called.
POLICIES = {
    "all_or_nothing": _l("All of it or nothing"),
    "partial": _l("Send what is there"),
    "backorder": _l("Wait for the rest"),
}
#: How it travels: service of the consignment → what it is called.
SERVICES = {
    "standard": _l("Standard delivery"),
    "express": _l("Express delivery"),
    "cold": _l("Cold chain"),
}
#: Why it is on hold → what that is called.
HOLDS = {
    "owner": _l("By its owner"),
    "credit": _l("For the sake of payment"),
    "quality": _l("By quality"),
}
#: How urgent it is → what that is called.
PRIORITIES = {
    0: lazy_pgettext("urgency", "Usual"),
    1: lazy_pgettext("urgency", "Urgent"),
}
MOST_LINES = 500  # of one order


def missing() -> NotFound:
    """Return the one answer for orders that are not there and for those of others."""
    return NotFound(_l("There is no order with that reference."))


def advance(status: str, wanted: str) -> str:
    """Return ``wanted`` if an order may go there from ``status``; raises Refused otherwise."""
    if wanted in NEXT.get(status, frozenset()):
        return wanted
    raise Refused(
        _l(
            "An order that is “%(now)s” cannot become “%(wanted)s”.",
            now=STATUSES.get(status, status),
            wanted=STATUSES.get(wanted, wanted),
        )
    )


def hold(status: str, reason: str) -> str:
    """Return the status on hold; raises Refused once it is being picked, or for no reason."""
    if reason not in HOLDS:
        raise Refused(_l("Say why it is held."))
    if status not in BEFORE_PICKING:
        raise Refused(_l("Only an order that is not being picked yet can be put on hold."))
    return ON_HOLD


def resumed(held_status: str | None) -> str:
    """Return where an order goes on that was on hold.

    One that had been released waits for another wave: its own went without it.
    """
    back = held_status or ACCEPTED
    return ALLOCATED if back == RELEASED else back


def check_cancel(status: str) -> None:
    """Raise Refused for an order that cannot be cancelled any more."""
    if status == CANCELLED:
        raise Refused(_l("This order has been cancelled already."))
    if status not in CANCELLABLE:
        raise Refused(_l("This order has left. Announce a return instead."))


def check_change(status: str) -> None:
    """Raise Refused for an order whose lines can no longer be changed."""
    if status not in CHANGEABLE:
        raise Refused(
            _l("The lines can be changed until the order is released to the floor. Cancel it.")
            if status in CANCELLABLE
            else _l("This order cannot be changed any more.")
        )


def check_redirect(status: str) -> None:
    """Raise Refused for an order whose consignee can no longer be changed."""
    if status not in REDIRECTABLE:
        raise Refused(
            _l("The consignee can be changed until the order is packed.")
            if status in CANCELLABLE
            else _l("This order cannot be changed any more.")
        )


@dataclass(frozen=True)
class Open:
    """What is still to be found for a line, by the owner's policy.

    ``short`` will not be sent, ``backordered`` waits.
    """

    short: Decimal
    backordered: Decimal


def rest(policy: str, missing: Decimal) -> Open:
    """Return what becomes of what is missing of a line."""
    if policy == "backorder":
        return Open(NOTHING, missing)
    return Open(missing, NOTHING)
