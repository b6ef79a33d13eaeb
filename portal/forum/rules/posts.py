"""Posts and topics: their states and limits, what may be changed and by whom."""

import re
import unicodedata
from datetime import datetime, timedelta
from difflib import unified_diff

from portal.core import markdown
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.forum.rules import pictures

TITLE_MIN, TITLE_MAX = 4, 120  # characters
TEXT_MAX = 20_000  # characters
LONGEST_WORD = 200  # characters; longer ones get places at which a line may end
TAGS_MOST, TAG_MAX = 5, 20
#: A post may be edited by its author as long; after it by who moderates.
EDITABLE_FOR = timedelta(days=30)
#: An edit so soon after writing is no edit worth a mark.
SILENT_FOR = timedelta(minutes=5)
MENTIONS_MOST = 10
STATES = ("visible", "in_review", "hidden", "deleted", "moved")
TOPIC_STATES = ("open", "locked", "in_review", "hidden", "deleted", "merged")
READABLE = ("open", "locked")
REACTIONS = {"useful": _l("Useful"), "thanks": _l("Thank you"), "same": _l("Same here")}
SUGGESTIONS = {
    "new": _l("New"),
    "planned": _l("Planned"),
    "done": _l("Done"),
    "declined": _l("Declined"),
}
_MENTION = re.compile(r"(?<![\w@/.])@([^\W_][\w-]{1,29})")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
#: A sign as HTML writes it; a tag stands before it so that nothing inside one is ever broken.
_SIGN = r"(?:[^\s<>&]|&[#\w]+;)"
_LONG_WORD = re.compile(rf"<[^>]*>|{_SIGN}{{{LONGEST_WORD},}}")
_SHORT_PART = re.compile(rf"{_SIGN}{{1,{LONGEST_WORD // 4}}}")
_NUMBER = re.compile(r"\bQS[0-9A-HJKMNP-TV-Z]{12}\b")


def differences(old: str, new: str) -> list[str]:
    """Return the lines that went ("-") and came ("+") between two texts, and two around them.

    "@@…" stands where lines that are the same are left out.
    """
    lines = unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=2)
    return list(lines)[2:]  # the first two would name files


def check_edit(
    author_id: int, person_id: int, created_at: datetime, now: datetime, *, may_moderate: bool
) -> None:
    """Raise Refused unless this person may change the post now."""
    if may_moderate:
        return
    if author_id != person_id:
        raise Refused(_l("Only its author edits a post."))
    if now - created_at > EDITABLE_FOR:
        raise Refused(_l("A post can be edited for 30 days. Write a reply with what has changed."))


def is_marked(created_at: datetime, now: datetime) -> bool:
    """Return whether readers are told that a post was edited, when it is edited now."""
    return now - created_at > SILENT_FOR


def title_of(text: str) -> str:
    """Return a title as it is kept: one line without signs that control or turn its words.

    Raises Refused where too little is left.
    """
    title = " ".join(markdown.clean(text).split())
    if len(title) < TITLE_MIN:
        raise Refused(_l("Give the new topic a title of 4 to 120 characters."))
    return title


def tags_of(text: str) -> list[str]:
    """Return the tags that somebody typed, separated by commas or spaces.

    Raises Refused for more than TAGS_MOST.
    """
    plain = unicodedata.normalize("NFKC", markdown.clean(text))
    typed = re.split(r"[,，、;；\s]+", plain.strip().lower())
    found = list(dict.fromkeys(tag.lstrip("#")[:TAG_MAX] for tag in typed if tag.lstrip("#")))
    if len(found) > TAGS_MOST:
        raise Refused(_l("A topic has at most 5 tags."))
    return found


def mentioned(text: str) -> list[str]:
    """Return the handles that a text mentions outside code, each once, at most MENTIONS_MOST."""
    found = (name.lower() for name in _MENTION.findall(_CODE.sub(" ", text)))
    return list(dict.fromkeys(found))[:MENTIONS_MOST]


def quoted(text: str, author: str, no: int) -> str:
    """Return ``text`` as a quotation to begin a reply with: without quotations inside it."""
    said = pictures.without(text)
    own = [line for line in said.splitlines() if not line.startswith(">")]
    body = "\n".join(f"> {line}".rstrip() for line in own).strip()
    return f"> **{author}** #{no}\n{body}\n\n"


def without_numbers(text: str) -> str:
    """Return ``text`` with consignment numbers cut: whoever has one may look it up.

    Source: ../shared/design/forum-topic.html (a pasted number never shows its consignee).
    """
    return _NUMBER.sub(lambda found: f"{found[0][:4]}……{found[0][-3:]}", text)


def broken(html: str) -> str:
    """Return ``html`` in which a line may end inside words that are too long for any page."""
    return _LONG_WORD.sub(_with_breaks, html)


def _with_breaks(found: re.Match[str]) -> str:
    said = found[0]
    return said if said.startswith("<") else "<wbr>".join(_SHORT_PART.findall(said))
