"""Pure rules of companies: what they are to the centre, how they pay, when they confirm."""

from datetime import date, timedelta
from typing import Any

from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext

#: What a company is to the centre. Source: domain.md §4.
KINDS: dict[str, Any] = {
    "shipper": _l("Shipper"),
    "consignee": lazy_pgettext("company", "Consignee"),
    "supplier": _l("Supplier"),
    "carrier": lazy_pgettext("company", "Carrier"),
    "distributor": _l("Distributor"),
    "internal": _l("Internal department"),
}
#: How a company pays.
PAYMENT_TERMS: dict[str, Any] = {
    "prepaid": _l("Prepaid"),
    "on_delivery": _l("On delivery"),
    "monthly": _l("Monthly"),
    "net15": _l("15 days"),
    "net30": _l("30 days"),
    "net60": _l("60 days"),
}
#: How long it is believed that details are true once somebody of the company has said so.
CONFIRMED_FOR = timedelta(days=365)
ASK_BEFORE = timedelta(days=30)  # how long before that ends its owners are asked
#: How long after that ended they are asked once more, and never again.
REMIND_AFTER = timedelta(days=14)
#: Who is asked to confirm: others are none of ours yet, or may not work here.
ASKED = frozenset({"member"})
MAX_NOTE = 4000  # characters
MAX_VIEW_NAME = 60
MAX_VIEWS = 40  # of one person


def confirm_by(confirmed_on: date | None, known_since: date) -> date:
    """Return the day on which a company's details count as unconfirmed."""
    return (confirmed_on or known_since) + CONFIRMED_FOR


def is_overdue(confirmed_on: date | None, known_since: date, today: date) -> bool:
    """Return whether details were not confirmed for too long."""
    return confirm_by(confirmed_on, known_since) <= today


def is_due(confirmed_on: date | None, known_since: date, today: date) -> bool:
    """Return whether details are to be confirmed: overdue, or soon to be."""
    return confirm_by(confirmed_on, known_since) - ASK_BEFORE <= today
