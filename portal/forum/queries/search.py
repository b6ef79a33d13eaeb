"""Finding posts by their words, narrowed by who, where, when and under which tag.

The words and all of who, where and tag are looked for in the full-text index alone, newest first,
so a page costs what it shows. By relevance the newest NEAREST are put in order.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, select

from portal.accounts.access import User
from portal.accounts.models import Person
from portal.core import clock, pagination, search
from portal.core.db import db, is_sqlite
from portal.core.pagination import Page
from portal.core.search import Token
from portal.forum import fulltext
from portal.forum.models import ForumPost, ForumProfile, ForumSpace, ForumTopic
from portal.forum.queries.spaces import reads_all, spaces_for
from portal.forum.rules import snippets
from portal.forum.rules.posts import READABLE

LIMIT = 20  # posts on a page
NEAREST = 300  # posts that are put in order by relevance
KEPT = 2000  # characters of texts that are kept as searches see them
SORTS = ("relevance", "newest")
_POST, _TOPIC, _SPACE, _PERSON, _PROFILE = (
    model.__table__ for model in (ForumPost, ForumTopic, ForumSpace, Person, ForumProfile)
)
_SHOWN = (
    select(_POST.c.id, _POST.c.no, _POST.c.text, _POST.c.useful, _POST.c.created_at)
    .add_columns(_TOPIC.c.ref, _TOPIC.c.title, _TOPIC.c.accepted_no)
    .add_columns(_SPACE.c.slug.label("space_slug"), _SPACE.c.names.label("space_names"))
    .add_columns(_POST.c.author_id, _PERSON.c.name.label("author_name"), _PROFILE.c.handle)
    .join_from(_POST, _TOPIC, _TOPIC.c.id == _POST.c.topic_id)
    .join(_SPACE, _SPACE.c.id == _TOPIC.c.space_id)
    .join(_PERSON, _PERSON.c.id == _POST.c.author_id)
    .outerjoin(_PROFILE, _PROFILE.c.person_id == _POST.c.author_id)
)


@dataclass(frozen=True)
class Asked:
    """What is looked for; what is empty does not limit."""

    text: str = ""
    space: str = ""  # slug
    by: str = ""  # handle
    tag: str = ""
    since: date | None = None
    titles: bool = False  # the words stand in the title of the topic
    sort: str = "relevance"

    @property
    def words(self) -> list[Token]:
        """Return the words as the index knows them."""
        return search.query(self.text)

    @property
    def is_empty(self) -> bool:
        """Return whether nothing is looked for."""
        return not (self.words or self.by or self.tag)


def posts_like(user: User, asked: Asked, *, after: str | None = None) -> Page[Any]:
    """Return the posts that somebody may read and that fit, a page at a time."""
    on = db.session.connection()
    spaces = [row for row in spaces_for(user) if asked.space in ("", row.slug)]
    expression = _expression(user, asked, spaces, on)
    if expression is None:
        return Page([], None)
    wanted = _SHOWN.where(_TOPIC.c.space_id.in_([row.id for row in spaces]))
    if asked.sort == "newest" or not asked.words:
        before = pagination.decode_number(after)
        rows = _read(wanted, expression, asked, before=before, limit=LIMIT + 1, on=on)
        return pagination.cut(rows, LIMIT, lambda row: (row.id,))
    nearest = _read(wanted, expression, asked, before=None, limit=NEAREST, on=on)
    found = sorted(nearest, key=_nearness(asked))
    first = pagination.decode_number(after) or 0
    more = first + LIMIT
    return Page(found[first:more], pagination.encode((more,)) if more < len(found) else None)


def _read(
    wanted: Select[Any],
    expression: str,
    asked: Asked,
    *,
    before: int | None,
    limit: int,
    on: Connection,
) -> Sequence[Any]:
    """Return the newest posts that fit, before an id."""
    at_most = before if before is not None else pagination.LARGEST_ID
    found = fulltext.POSTS.hits(on).params(words=expression, before=at_most, hits=limit)
    rows = wanted.where(_POST.c.id.in_(found), _POST.c.state == "visible")
    rows = rows.where(_TOPIC.c.state.in_(READABLE)).order_by(_POST.c.id.desc())
    if asked.since is not None:
        rows = rows.where(_POST.c.created_at >= _begin(asked.since))
    return on.execute(rows).all()


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), clock.zone())


def _expression(user: User, asked: Asked, spaces: Sequence[Any], on: Connection) -> str | None:
    """Return what the index is to look for; None where nothing can be found."""
    groups = _marks(asked)
    if groups is None or not spaces or asked.is_empty:
        return None
    if asked.space or not reads_all(user):
        groups.append([(f"owner{row.id}", False) for row in spaces])
    parts = []
    if asked.titles:
        groups += [[(fulltext.titled(word), begins)] for word, begins in asked.words]
    elif (words := fulltext.POSTS.expression(asked.text, owner=None, on=on)) is not None:
        parts.append(words)
    parts += [_either(group, on) for group in groups]
    return (" AND " if is_sqlite(on) else " & ").join(parts)


def _either(group: Sequence[Token], on: Connection) -> str:
    if is_sqlite(on):
        return search.fts5([group])
    return "(" + " | ".join(search.tsquery([token]) for token in group) + ")"


def _marks(asked: Asked) -> list[list[Token]] | None:
    """Return the author and the tag as words of the index; None where nobody has that handle."""
    groups: list[list[Token]] = []
    if asked.by:
        handle = _PROFILE.c.handle == asked.by.lower().lstrip("@")
        author = db.session.scalar(select(_PROFILE.c.person_id).where(handle))
        if author is None:
            return None
        groups.append([(fulltext.written_by(author), False)])
    if asked.tag:
        groups.append([(fulltext.tagged(asked.tag), False)])
    return groups


def _nearness(asked: Asked) -> Any:
    """Return how near a post is to what was asked, as a key to sort by: the nearest first.

    A title that has all the words counts most, then the words as they were typed, an answer that
    was accepted, and whom it helped; of those that are alike the newest comes first.
    """
    words, phrase = asked.words, search.normalise(" ".join(asked.text.split()))

    def key(row: Any) -> tuple[float, int]:
        near = 4.0 * snippets.has_all(row.title, words) + 2.0 * (row.no == row.accepted_no)
        near += 3.0 * _has(row.text, phrase) + math.log2(1 + max(row.useful, 0))
        return -near, -row.id

    return key


def _has(text: str, phrase: str) -> bool:
    """Return whether a phrase stands in a text; few have to be made alike to know that."""
    return phrase in text or phrase in (_alike if len(text) <= KEPT else search.normalise)(text)


#: What is found is mostly found again, by the next page or the next person.
_alike = lru_cache(maxsize=4 * NEAREST)(search.normalise)
