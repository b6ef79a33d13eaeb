"""What of the forum can be searched for: each post by its words, the first by its title too."""

from sqlalchemy import Connection

from portal.core import search
from portal.core.fulltext import FullText

POSTS = FullText("forum_words")
WORDS_MOST = 600  # of one post


def add(post_id: int, space_id: int, *texts: str, on: Connection) -> None:
    """Make a new post findable in its space."""
    POSTS.add([(post_id, space_id, _words(*texts))], on=on)


def change(post_id: int, space_id: int, *texts: str, on: Connection) -> None:
    """Make a post findable by what it says now; no texts: make it findable no more."""
    POSTS.change(post_id, space_id, _words(*texts) if texts else "", on=on)


def _words(*texts: str) -> str:
    return search.document(*texts, most=WORDS_MOST)
