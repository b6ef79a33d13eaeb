"""Spaces: their kinds, and who may read and write in them."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from portal.core.errors import Refused
from portal.core.i18n import lazy as _l

#: Kind → what it is called. Questions have an accepted answer, suggestions a status.
KINDS = {
    "talk": _l("Talk"),
    "question": _l("Questions and answers"),
    "suggestion": _l("Suggestions"),
    "offer": _l("Offers and requests"),
    "staff": _l("The centre answers"),
}
EVERYBODY = "*"
NAME_MAX, ABOUT_MAX = 40, 200  # characters
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MARKED = ("names", "abouts", "kind", "readers", "starters", "repliers", "least_trust")


@dataclass(frozen=True)
class Reader:
    """Who asks: his roles here, and the trust he has earned."""

    roles: frozenset[str]
    trust: int = 0
    may_write: bool = True
    may_moderate: bool = False


def is_open_to(roles: Iterable[str], reader: Reader) -> bool:
    """Return whether any of the reader's roles is among ``roles``."""
    listed = frozenset(roles)
    return EVERYBODY in listed or bool(listed & reader.roles)


def may_start(starters: Iterable[str], least_trust: int, reader: Reader) -> bool:
    """Return whether a reader may begin a topic in a space; who moderates may in all."""
    if reader.may_moderate:
        return True
    return reader.may_write and reader.trust >= least_trust and is_open_to(starters, reader)


def may_reply(repliers: Iterable[str], state: str, reader: Reader) -> bool:
    """Return whether a reader may reply to a topic in this state."""
    if reader.may_moderate:
        return state in ("open", "locked")
    return reader.may_write and state == "open" and is_open_to(repliers, reader)


def check_start(starters: Iterable[str], least_trust: int, reader: Reader) -> None:
    """Raise Refused, with what can be done, where ``may_start`` says no."""
    if may_start(starters, least_trust, reader):
        return
    if reader.may_write and is_open_to(starters, reader):
        raise Refused(_l("Read a little here first: new topics take some trust in this space."))
    raise Refused(_l("In this space only some people begin topics. You may reply to theirs."))


def check_slug(slug: str) -> None:
    """Raise Refused for what cannot be the name of a space in addresses."""
    if not _SLUG.fullmatch(slug) or len(slug) > NAME_MAX:
        raise Refused(_l("Use small letters, digits and hyphens only, 40 at most."))


def mark(space: Any) -> str:
    """Return a mark that changes with whatever can be edited of a space."""
    said = json.dumps([getattr(space, name) for name in _MARKED], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]
