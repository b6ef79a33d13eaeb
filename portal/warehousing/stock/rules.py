"""Rules of what is told about stock: when goods run low, how a certificate is proved."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import orjson

from portal.core.i18n import lazy as _l
from portal.core.quantities import NOTHING

#: Kind of an alert → what it is called.
ALERTS = {
    "low": _l("Below the threshold"),
    "cover": _l("Does not last long"),
    "expiry": _l("Expires soon"),
}
ISSUED_OVER = 28  # days whose issues say how long goods will last
EXPIRING = 30  # days before expiry from which it is told, unless somebody asks for others
MOST_DAYS = 730  # that one may ask for
MAIL_EVERY = timedelta(hours=22)  # once a day, whichever minute it is
_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is taken for another
REF_SIGNS = 12


@dataclass(frozen=True)
class Alert:
    """What an owner ought to know of a SKU: its kind, how much there is, where it begins."""

    kind: str
    value: Decimal
    threshold: Decimal


def cover_days(free: Decimal, went: Decimal) -> int | None:
    """Return how many days ``free`` lasts if goods go as in the last ISSUED_OVER days.

    ``went`` is what went in all of them; None: nothing went, so nobody knows.
    """
    if went <= 0:
        return None
    return int(max(free, NOTHING) * ISSUED_OVER / went)


def alerts(
    free: Decimal,
    went: Decimal,
    expiring: Decimal,
    *,
    low_stock: Decimal | None,
    low_cover_days: int | None,
) -> list[Alert]:
    """Return what is to be told of a SKU with these figures and thresholds."""
    found = []
    if low_stock is not None and free < low_stock:
        found.append(Alert("low", free, low_stock))
    days = cover_days(free, went)
    if low_cover_days is not None and days is not None and days < low_cover_days:
        found.append(Alert("cover", Decimal(days), Decimal(low_cover_days)))
    if expiring > 0:
        found.append(Alert("expiry", expiring, Decimal(EXPIRING)))
    return found


def new_ref() -> str:
    """Return the reference of a certificate, which cannot be guessed."""
    return "".join(secrets.choice(_SIGNS) for _ in range(REF_SIGNS))


def read_ref(text: str) -> str | None:
    """Return a reference as people type it; None for what cannot be one."""
    plain = text.upper().replace("-", "").replace(" ", "")
    return plain if len(plain) == REF_SIGNS and set(plain) <= set(_SIGNS) else None


def spaced_ref(ref: str) -> str:
    """Return a reference in groups of four, as it is printed."""
    return "-".join(ref[start : start + 4] for start in range(0, len(ref), 4))


def digest(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of what a certificate says, in hexadecimal digits."""
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
