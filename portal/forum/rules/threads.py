"""Splitting and merging topics: what may be taken apart and put together."""

import re
from typing import Any

from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.forum.rules import posts as rules

SPLIT_MOST = 200  # posts
HIGHEST = 1_000_000_000  # number of a post that anybody can mean
MERGED_MOST = 1000  # posts of the topic that goes into another
_RANGE = re.compile(r"(\d{1,7})(?:\s*[-–—~至到]\s*(\d{1,7}))?")


def numbers_in(text: str) -> set[int]:
    """Return the numbers that somebody typed, such as ``3, 5-9``.

    Raises Refused for a range of more than SPLIT_MOST.
    """
    found: set[int] = set()
    for first, last in _RANGE.findall(text):
        until = int(last or first)
        if until - int(first) >= SPLIT_MOST:
            raise _too_many()
        found.update(range(int(first), until + 1))
    return found


def check_split(numbers: set[int], last_no: int, title: str) -> None:
    """Raise Refused for posts of which no topic can be made."""
    if not rules.TITLE_MIN <= len(title) <= rules.TITLE_MAX:
        raise Refused(_l("Give the new topic a title of 4 to 120 characters."))
    if not numbers or not all(1 <= no <= last_no for no in numbers):
        raise Refused(_l("Choose posts of this topic, by their numbers."))
    if 1 in numbers:
        raise Refused(_l("The first post stays: without it nobody knows what the topic is about."))
    if len(numbers) > SPLIT_MOST:
        raise _too_many()


def _too_many() -> Refused:
    return Refused(_l("At most 200 posts at once. Take the rest afterwards."))


def check_merge(topic: Any, into: Any) -> None:
    """Raise Refused for two topics that cannot become one."""
    if topic.id == into.id:
        raise Refused(_l("A topic cannot be merged into itself. Name the other one."))
    if not {topic.state, into.state} <= set(rules.READABLE):
        raise Refused(_l("Only topics that are shown can be merged."))
    if topic.last_no > MERGED_MOST:
        raise Refused(_l("A topic of more than 1,000 posts stays by itself. Split it first."))


def ref_in(text: str) -> str:
    """Return the reference of a topic in what somebody pasted: its link, or the reference."""
    found = re.search(r"\bTP[0-9A-Z]{8}\b", text.upper())
    return found[0] if found else ""
