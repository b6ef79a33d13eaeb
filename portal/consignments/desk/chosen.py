"""Which consignments a push is for: those ticked, scanned, typed or pasted."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portal.accounts.access import User
from portal.consignments.queries import board as queries
from portal.consignments.rules import numbers, pasted
from portal.core.errors import FieldError
from portal.core.i18n import lazy as _l

_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")


@dataclass(frozen=True)
class Chosen:
    """Numbers, each once and in order; what could not be read; what is wrong with the whole."""

    numbers: Sequence[str]
    unread: Sequence[str]
    error: FieldError | None = None


def read(user: User, form: Any) -> Chosen:
    """Return what the fields ``no`` (ticked), ``scan`` and ``numbers`` (text) choose.

    Codes of pieces stand for the consignment they belong to.
    """
    typed = "\n".join((form.get("scan", ""), form.get("numbers", "")))
    ticked = [numbers.normalise(no[:40]) for no in form.getlist("no")]
    found = [] if len(typed) > pasted.MAX_TEXT else pasted.read(typed)
    count = len({*ticked, *(each.text for each in found)})
    if count > pasted.MOST or len(typed) > pasted.MAX_TEXT:
        return Chosen(ticked[: pasted.MOST], [], _too_many(count))
    return _resolved(user, ticked, found)


def _resolved(user: User, ticked: list[str], found: Sequence[pasted.Found]) -> Chosen:
    of_piece = queries.numbers_of_pieces(user, [f.text for f in found if f.kind == "sscc"])
    nos, unread = dict.fromkeys(ticked), []
    for each in found:
        no = of_piece.get(each.text) if each.kind == "sscc" else each.text
        if no is None or each.kind == "unread":
            unread.append(each.text)
        else:
            nos[no] = None
    error = None if nos or unread else _none()
    return Chosen(list(nos), unread, error)


def _too_many(count: int) -> FieldError:
    if count > pasted.MOST:
        message = _l(
            "At most %(most)s numbers go into one push; these are %(count)s. "
            "Please push them in parts.",
            most=pasted.MOST,
            count=count,
        )
    else:
        message = _l("That is more text than can be read at once. Please paste it in parts.")
    return FieldError("numbers", message)


def _none() -> FieldError:
    return FieldError("numbers", _l("Choose consignments first: tick, scan, type or paste them."))


def one_time_key(asked: str | None) -> str:
    """Return the key of a push: the one that its form carried, or a new one."""
    return asked if asked and _KEY.fullmatch(asked) else secrets.token_urlsafe(12)
