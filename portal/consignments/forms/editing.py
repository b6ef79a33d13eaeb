"""Changes to a form that is being filled, without JavaScript: pure, form data in and out."""

import re
from collections.abc import Callable
from typing import Any

from werkzeug.datastructures import MultiDict

from portal.consignments.forms.party import data_of

SIDES = ("consignor", "consignee")
_INDEX = re.compile(r"pieces-(\d{1,6})-")
Data = MultiDict[str, str]


def edited(given: Data, do: str, find: Callable[[str], Any]) -> tuple[Data, str] | None:
    """Return the form data after the edit that the key ``do`` asks for, and what to focus.

    ``find`` returns an entry of the address book, or None. None: the key is not one that edits.
    """
    name, _, which = do.partition(":")
    if name == "add":
        return _add(given)
    if name == "remove" and which.isdigit():
        return _without(given, f"pieces-{which}-"), "pieces"
    if name == "use" and which in SIDES:
        return _use(given, which, find), f"{which}-name"
    return None


def _add(given: Data) -> tuple[Data, str]:
    taken = [int(match[1]) for key in given if (match := _INDEX.match(key))]
    index = max(taken, default=-1) + 1
    changed = given.copy()
    changed[f"pieces-{index}-goods"] = ""
    changed[f"pieces-{index}-copies"] = changed[f"pieces-{index}-quantity"] = "1"
    return changed, f"pieces-{index}-goods"


def _without(given: Data, prefix: str) -> Data:
    kept = [(k, v) for k, v in given.items(multi=True) if not k.startswith(prefix)]
    return MultiDict(kept)


def _use(given: Data, side: str, find: Callable[[str], Any]) -> Data:
    ref = given.get(f"{side}-book", "")
    if not ref:
        return given
    changed, entry = given.copy(), find(ref)
    for name, value in (data_of(entry) if entry else {}).items():
        changed[f"{side}-{name}"] = value
    return changed
