"""Posts as HTML, kept: they change rarely, and many read the same.

What is kept hangs on all that it shows: the row of the post with its text and counters, the
reader's language, zone and day, his rights in the topic and what he has said of the post. So
nothing is shown that was otherwise a moment ago, and nothing has to be thrown away by anybody.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple

from flask import current_app, url_for
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from portal.accounts.access import User
from portal.accounts.roles import ROLE_NAMES
from portal.core import clock, headers, i18n
from portal.core.i18n import lazy as _l
from portal.forum.rules import badges
from portal.forum.rules import posts as rules
from portal.forum.rules import spaces as rights
from portal.forum.rules.spaces import Reader

MOST_BYTES = 16_000_000
OVERHEAD = 1_000  # bytes of a key and of what holds it
NOTHING: frozenset[str] = frozenset()


#: What the mark of a person looks like, by the rest of his id; the centre's people have one.
AVATARS = {0: "", 1: " avatar--2", 2: " avatar--3", "staff": " avatar--staff"}


@dataclass(frozen=True)
class Look:
    """What all posts of a topic have in common for one reader."""

    avatars: ClassVar[Mapping[Any, str]] = AVATARS
    badge: ClassVar[Callable[[str | None], str]] = staticmethod(badges.text_of)

    topics: str  # before the reference of a topic: its address
    base: str  # the topic's address
    language: str
    zone: str
    today: date
    may_reply: bool
    may_accept: bool
    moderates: bool
    people: str  # before a handle: what that person wrote, or where moderators see him
    #: Said in the reader's language.
    reactions: Sequence[tuple[str, str]] = field(default=(), compare=False)
    roles: Mapping[str, Any] = field(default_factory=dict, compare=False)
    words: Mapping[str, Any] = field(default_factory=dict, compare=False)
    #: All that another look differs in, for the keys of what is kept.
    key: Hashable = field(default=None, compare=False)


def look_of(user: User, topic: Any, reader: Reader) -> Look:
    """Return how the posts of a topic look to a reader."""
    asked = topic.author_id == user.person_id or user.may("club.moderate")
    zone = i18n.zone()
    topics = _before(url_for("club.topic", ref="-"))
    differs = (
        topics,
        topics + topic.ref,
        i18n.tag(),
        zone.key,
        clock.now().astimezone(zone).date(),
        rights.may_reply(topic.space_repliers, topic.state, reader),
        topic.space_kind == "question" and asked,
        reader.may_moderate,
        _people(reader.may_moderate),
    )
    reactions, words = _words(i18n.tag(), topics)
    return Look(*differs, reactions=reactions, roles=ROLE_NAMES, words=words, key=differs)


@lru_cache(maxsize=32)
def _words(_language: str, _topics: str) -> tuple[tuple[tuple[str, str], ...], dict[str, Any]]:
    """Return what every post says beside its text, in the language that is spoken now."""
    icon = current_app.jinja_env.get_template("components/marks.html").module.icon  # type: ignore[attr-defined]
    said = {name: str(text) for name, text in _WORDS.items()}
    reactions = tuple((kind, str(label)) for kind, label in rules.REACTIONS.items())
    return reactions, {**said, "check": icon("check")}


_WORDS = {
    "label": _l("Post %(no)s by %(name)s"),
    "quote": _l("Quote this"),
    "answer": _l("The answer"),
    "report": _l("Report this"),
    "hide": _l("Hide"),
    "edit": _l("Edit"),
    "edited": _l("Edited"),
    "dot": _l(" · "),
    "taken": _l("Taken for the answer by who asked"),
}


def _people(moderates: bool) -> str:
    if moderates:
        return _before(url_for("review.person", ref="-"))
    return url_for("club.search_page", sort="newest", by="")


def _before(address: str) -> str:
    """Return what stands before the last word of an address."""
    return address.rpartition("/")[0] + "/"


class Reading(NamedTuple):
    """What one reader has to do with posts: what he has said of them, whom he does not hear."""

    person_id: int
    mine: Mapping[int, frozenset[str]]  # post number → reactions
    blocked: Collection[int]  # ids of people


def articles(topic: Any, look: Look, posts: Sequence[Any], reading: Reading) -> list[Markup]:
    """Return each of ``posts`` as HTML for this reader."""
    kept: Kept = current_app.extensions.setdefault("kept posts", Kept())
    made = []
    for post in posts:
        its = (
            reading.mine.get(post.no, NOTHING),
            post.author_id == reading.person_id,
            post.no == topic.accepted_no,
            post.author_id in reading.blocked,
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


def part(
    template: str, look: Look, topic: Any, *, name: str, context: Callable[[], dict[str, Any]]
) -> Markup:
    """Return a part of a topic's page that is nobody's own, such as an empty form of a reply.

    It is kept once for a language. What is the page's alone (its reference, its nonce, the token
    and the ``name`` of its forms) is put in each time. ``context()``: what the template needs.
    """
    own = (topic.ref, generate_csrf(), headers.nonce(), name)
    key = (template, look.language, look.topics, look.moderates)
    parts: dict[Hashable, str] = current_app.extensions.setdefault("kept parts of topics", {})
    if key not in parts:
        made = current_app.jinja_env.get_template(template)
        html = made.render(topic=topic, look=look, **context())
        for place, word in zip(_PLACES, own, strict=True):
            html = html.replace(word, place)
        parts[key] = html
    html = parts[key]
    for place, word in zip(_PLACES, own, strict=True):
        html = html.replace(place, word)
    return Markup(html)  # noqa: S704 - a template of ours, which escapes


#: What stands for a page's own words in a part that is kept: no text of ours holds a zero byte.
_PLACES = ("\0ref", "\0csrf", "\0nonce", "\0name")


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
