"""Posts as HTML, kept: they change rarely, and many read the same.

What is kept hangs on all that it shows: the row of the post with its text and counters, the
reader's language, zone and day, his rights in the topic and what he has said of the post. So
nothing is shown that was otherwise a moment ago, and nothing has to be thrown away by anybody.
"""

from collections import OrderedDict
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import current_app, url_for
from markupsafe import Markup

from portal.accounts.access import User
from portal.accounts.roles import ROLE_NAMES
from portal.core import clock, i18n
from portal.forum.rules import posts as rules
from portal.forum.rules import spaces as rights
from portal.forum.rules.spaces import Reader

MOST_BYTES = 16_000_000
OVERHEAD = 1_000  # bytes of a key and of what holds it
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Look:
    """What all posts of a topic have in common for one reader."""

    base: str  # the topic's address
    language: str
    zone: str
    today: date
    may_reply: bool
    may_accept: bool
    moderates: bool
    people: str  # before a handle: where that person is shown; "": nowhere
    #: Said in the reader's language.
    reactions: Sequence[tuple[str, str]] = field(default=(), compare=False)
    roles: Mapping[str, Any] = field(default_factory=dict, compare=False)
    #: All that another look differs in, for the keys of what is kept.
    key: Hashable = field(default=None, compare=False)


def look_of(user: User, topic: Any, reader: Reader) -> Look:
    """Return how the posts of a topic look to a reader."""
    asked = topic.author_id == user.person_id or user.may("club.moderate")
    zone = i18n.zone()
    differs = (
        url_for("club.topic", ref=topic.ref),
        i18n.tag(),
        zone.key,
        clock.now().astimezone(zone).date(),
        rights.may_reply(topic.space_repliers, topic.state, reader),
        topic.space_kind == "question" and asked,
        reader.may_moderate,
        _people(reader.may_moderate),
    )
    reactions = tuple((kind, str(label)) for kind, label in rules.REACTIONS.items())
    return Look(*differs, reactions=reactions, roles=ROLE_NAMES, key=differs)


def _people(moderates: bool) -> str:
    if moderates:
        return url_for("review.person", ref="-").removesuffix("-")
    if "directory.person" in current_app.view_functions:
        return url_for("directory.person", handle="-").removesuffix("-")
    return ""


def articles(
    user: User,
    topic: Any,
    look: Look,
    posts: Sequence[Any],
    mine: Mapping[int, frozenset[str]],
    blocked: Collection[int],
) -> list[Markup]:
    """Return each of ``posts`` as HTML for this reader.

    ``mine``: post number → what he has said of it; ``blocked``: people whom he does not hear.
    """
    kept: Kept = current_app.extensions.setdefault("kept posts", Kept())
    made = []
    for post in posts:
        its = (
            mine.get(post.no, NOTHING),
            post.author_id == user.person_id,
            post.no == topic.accepted_no,
            post.author_id in blocked,
        )
        key = (tuple(post), its, look.key)
        html = kept.get(key)
        if html is None:
            html = kept.keep(key, _made(post, look, *its))
        made.append(html)
    return made


def _made(post: Any, look: Look, *its: Any) -> Markup:
    template = current_app.jinja_env.get_template("forum/_post.html")
    return Markup(template.module.article(post, look, *its))  # type: ignore[attr-defined]  # noqa: S704


class Kept:
    """The posts shown last, up to a size."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._made: OrderedDict[Hashable, Markup] = OrderedDict()
        self._size = 0

    def get(self, key: Hashable) -> Markup | None:
        """Return what was made; None where it was not, or is forgotten."""
        found = self._made.get(key)
        if found is not None:
            self._made.move_to_end(key)
        return found

    def keep(self, key: Hashable, html: Markup) -> Markup:
        """Keep ``html``, forget what was not asked for longest, and return it."""
        self._made[key] = html
        self._size += _size(html)
        while self._size > self._most and len(self._made) > 1:
            self._size -= _size(self._made.popitem(last=False)[1])
        return html


def _size(html: Markup) -> int:
    """Return about how many bytes it takes: the key holds the text once more."""
    return 4 * len(html) + OVERHEAD
