"""Ids of what was shown, which only we can have made, and who saw it, which nobody can read.

A visitor is a keyed hash of day, address and browser (of day and person where somebody is signed
in), so that today's is another one tomorrow and no address is kept.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import current_app, request
from flask_login import current_user

from portal.core import clock, limits, tokens
from portal.promotion.rules.counting import Sender

_PURPOSE = "ad impression"
LONGEST = 400  # characters of an id that are looked at


@dataclass(frozen=True)
class Shown:
    """What a signed id says: creative, zone, and, where it was sent to one reader, whom and when.

    ``impression`` is None for the plain link that stands in pages kept for everybody.
    """

    creative: int
    zone: str
    visitor: str | None = None
    at: datetime | None = None
    impression: str | None = None


def today() -> date:
    """Return the centre's day."""
    return clock.now().astimezone(clock.zone()).date()


def visitor(on: date | None = None) -> str:
    """Return who asks, for one day alone (default: today)."""
    if current_user.is_authenticated:
        who = f"person {current_user.person_id}"
    else:
        who = f"{limits.address()} {request.headers.get('User-Agent', '')}"
    key = f"ads {current_app.config['SECRET_KEY']}".encode()
    return hmac.new(key, f"{on or today()} {who}".encode(), hashlib.sha256).hexdigest()[:20]


def signed(shown: Shown) -> str:
    """Return an id that stands for ``shown``."""
    if shown.at is None:
        return tokens.signed([shown.creative, shown.zone], _PURPOSE)
    sent_ms = int(shown.at.timestamp() * 1000)
    values = [shown.creative, shown.zone, shown.visitor, sent_ms, shown.impression]
    return tokens.signed(values, _PURPOSE)


def new(creative: int, zone: str) -> str:
    """Return the id of a view that may happen now, to this visitor alone."""
    return signed(Shown(creative, zone, visitor(), clock.now(), secrets.token_hex(8)))


def plain(creative: int, zone: str) -> str:
    """Return the id of the link in pages that are the same for everybody."""
    return signed(Shown(creative, zone))


def read(text: Any) -> Shown | None:
    """Return what an id says; None for anything that we did not sign."""
    if not isinstance(text, str) or not text.isascii() or len(text) > LONGEST:
        return None
    values = tokens.read_signed(text, _PURPOSE)
    if not isinstance(values, list):
        return None
    if len(values) == 2:
        return Shown(*values)
    creative, zone, whom, sent_ms, impression = values
    at = datetime.fromtimestamp(sent_ms / 1000, clock.now().tzinfo)
    return Shown(creative, zone, whom, at, impression)


def sender(*, is_driven: bool = False) -> Sender:
    """Return what this request says of itself."""
    headers = request.headers
    purpose = ("Sec-Purpose", "Purpose", "X-Moz", "X-Purpose")
    return Sender(
        agent=headers.get("User-Agent", ""),
        brands=headers.get("Sec-CH-UA", ""),
        purpose=" ".join(headers.get(name, "") for name in purpose).strip(),
        is_foreign=_is_foreign(),
        is_driven=is_driven,
        is_staff=bool(current_user.is_staff),
    )


def _is_foreign() -> bool:
    """Return whether a page of another site sends this."""
    origin = request.headers.get("Origin")
    if origin is not None and origin.partition("://")[2] != request.host:
        return True
    return request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none")
