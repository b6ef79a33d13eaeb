"""Rules of holds: who may set which, what a lot is while several last, what arrives of it."""

from collections.abc import Iterable
from datetime import date

from portal.accounts.access import User
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.warehousing.ledger.rules import APPROVED, STATUSES

#: Who holds a lot → what that is called.
KINDS = {"owner": _l("Held by the owner"), "quality": _l("Held by quality")}
#: Kind of a hold → what a lot may become by it.
STATUSES_BY = {
    "owner": ("on_hold",),
    "quality": ("on_hold", "quarantined", "recalled", "damaged", "expired"),
}
#: Of several holds the first in this order says what the lot is.
GRAVITY = ("recalled", "expired", "damaged", "quarantined", "on_hold")
#: What single pieces are set apart as; whole lots are held instead.
APART = ("damaged", "quarantined")
MAX_REASON = 300  # characters


def status_of(held: Iterable[str]) -> str:
    """Return what a lot is under holds of these statuses; without any it is approved."""
    found = set(held)
    return next((status for status in GRAVITY if status in found), APPROVED)


def arriving(lot_status: str, expires_on: date | None, today: date, wanted: str = APPROVED) -> str:
    """Return the stock status of goods of a lot that come in as ``wanted``: the graver of both.

    Goods past their date are expired, whether the clock has noticed yet or not.
    """
    late = "expired" if expires_on is not None and expires_on < today else APPROVED
    return status_of({wanted, lot_status, late} - {APPROVED})


def check(kind: str, status: str, reason: str) -> None:
    """Raise Refused unless a hold of ``kind`` may make a lot ``status``, with a reason."""
    if status not in STATUSES_BY[kind]:
        raise Refused(
            _l(
                "Only quality sets a lot to “%(status)s”. Ask the centre to do it.",
                status=STATUSES.get(status, status),
            )
        )
    if not reason.strip() or len(reason) > MAX_REASON:
        raise Refused(_l("Say in a sentence of at most 300 characters why the lot is held."))


def kind_of(user: User) -> str:
    """Return the kind of holds that ``user`` may set and lift."""
    return "owner" if user.company_id is not None else "quality"
