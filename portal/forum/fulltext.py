"""What of the forum can be searched for: each post by its words, the first by its title too.

Beside its words stand marks by which a search is narrowed without looking at a single post: who
wrote it, the tags of its topic, and the words of the title as such.
"""

from typing import Any
from zlib import crc32

from sqlalchemy import Connection, bindparam, select

from portal.core import search
from portal.core.fulltext import FullText
from portal.core.prepared import Prepared
from portal.forum.models import ForumPost, ForumTopic

POSTS = FullText("forum_words")
WORDS_MOST = 600  # of one post
_POST, _TOPIC = ForumPost.__table__, ForumTopic.__table__
_WHOSE = Prepared(
    select(_POST.c.author_id, _POST.c.no, _TOPIC.c.title, _TOPIC.c.tags)
    .join_from(_POST, _TOPIC, _TOPIC.c.id == _POST.c.topic_id)
    .where(_POST.c.id == bindparam("post"))
)


def add(post_id: int, space_id: int, *texts: str, on: Connection) -> None:
    """Make a new post findable in its space; its row and its topic's are written already."""
    POSTS.add([(post_id, space_id, f"{_marks(post_id, on)} {_words(*texts)}")], on=on)


def change(post_id: int, space_id: int, *texts: str, on: Connection) -> None:
    """Make a post findable by what it says now; no texts: make it findable no more."""
    words = f"{_marks(post_id, on)} {_words(*texts)}" if texts else ""
    POSTS.change(post_id, space_id, words, on=on)


def document(post: Any, text: str) -> str:
    """Return all that a post is found by; the first of a topic by its title and tags, too.

    ``post`` has ``author_id`` and ``no``, and of its topic ``title`` and ``tags``.
    """
    first = (post.title, *post.tags) if post.no == 1 else ()
    return f"{marks(post)} {_words(*first, text)}"


def marks(post: Any) -> str:
    """Return the marks of a post, as words that nobody writes."""
    words = search.document(post.title).split() if post.no == 1 else []
    titles = (titled(word) for word in words)
    return " ".join([written_by(post.author_id), *map(tagged, post.tags), *titles])


def written_by(author_id: int) -> str:
    """Return the mark of posts of a person."""
    return f"zzby{author_id}"


def tagged(tag: str) -> str:
    """Return the mark of posts in topics with a tag."""
    return f"zztag{crc32(tag.encode()):08x}"


def titled(word: str) -> str:
    """Return the mark of posts whose topic has ``word`` in its title."""
    return f"zzt{word}"


def _marks(post_id: int, on: Connection) -> str:
    return marks(_WHOSE.first(on, {"post": post_id}))


def _words(*texts: str) -> str:
    return search.document(*texts, most=WORDS_MOST)
