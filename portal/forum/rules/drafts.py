"""Drafts: where one can stand, and what is kept of it."""

import re
from collections.abc import Mapping

from portal.core.errors import Invalid
from portal.core.i18n import lazy as _l
from portal.core.markdown import clean

#: What is written → what its reference names.
KINDS = {"begin": _l("New topic"), "reply": _l("Reply"), "edit": _l("Edit")}
MOST = 50  # of one person; the oldest goes first
LONGEST = 60_000  # characters of one field: what is too long for a post is not lost
FIELDS = ("title", "tags", "text", "reply_to", "base", "reason", "poll", "choices")
WORDS = ("title", "text", "poll", "choices")  # without any of these there is nothing to keep
_ABOUT = re.compile(r"(begin:[a-z0-9-]{1,40}|reply:TP[0-9A-Z]{1,20}|edit:PO[0-9A-Z]{1,20})")


def check_about(about: str) -> str:
    """Return where a draft stands; raises Invalid for what is no such place."""
    if not _ABOUT.fullmatch(about):
        raise Invalid(_l("A draft belongs to a topic, a space or a post."))
    return about


def kept(said: Mapping[str, object]) -> dict[str, str]:
    """Return what is kept of a form: the fields that say something, none without end."""
    texts = {name: clean(str(said.get(name) or ""))[:LONGEST] for name in FIELDS}
    return {name: text for name, text in texts.items() if text.strip()}


def says_something(said: Mapping[str, str]) -> bool:
    """Return whether there is anything in it that somebody wrote."""
    return any(said.get(name) for name in WORDS)
