"""Pages of the club for members and staff."""

from portal.forum.views import (
    drafts,
    editing,
    feeds,
    following,
    keeping,
    own,
    polls,
    search,
    threads,
    topics,
)
from portal.forum.views.blueprint import bp

__all__ = [
    "bp",
    "drafts",
    "editing",
    "feeds",
    "following",
    "keeping",
    "own",
    "polls",
    "search",
    "threads",
    "topics",
]
