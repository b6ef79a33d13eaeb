"""Why an entry was made, in words, with the way to it.

Parts that give points for causes of their own ``provide`` a way for the word before the colon.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from portal.club.points import rules
from portal.club.points.queries import own
from portal.core import i18n, links
from portal.core.i18n import gettext as _
from portal.core.i18n import pgettext


class Shown(NamedTuple):
    """An entry as a page shows it."""

    row: Any
    label: Any  # of its kind
    text: str
    url: str | None
    #: The day's cap, or another limit, left nothing of it.
    is_capped: bool


#: What stands behind the colon of a cause → (text, URL or None).
Way = Callable[[str], tuple[str, str | None]]
_ways: dict[str, Way] = {}


def provide(word: str, way: Way) -> None:
    """Let causes that begin with ``word:`` be shown by ``way``."""
    _ways[word] = way


def shown(rows: Sequence[Any]) -> list[Shown]:
    """Return entries in words; what they are about is read at once for all."""
    undone = own.kinds_of([row.reversed_id for row in rows if row.reversed_id is not None])
    causes = [(row, undone.get(row.reversed_id, row)) for row in rows]
    texts = _texts([first.cause for _row, first in causes])
    return [_one(row, first, texts) for row, first in causes]


def _one(row: Any, first: Any, texts: dict[str, tuple[str, str | None]]) -> Shown:
    text, url = texts.get(first.cause) or _plain(first.cause)
    label = rules.KINDS[row.kind].label
    if row is not first:
        label = pgettext("points", "Given back") if row.points > 0 else label
        text = _("%(what)s: %(cause)s", what=rules.KINDS[first.kind].label, cause=text)
    if row.reason:
        text = _("%(what)s: %(cause)s", what=text, cause=row.reason)
    return Shown(row, label, text, url, row.points == 0 and row is first)


def _texts(causes: Iterable[str]) -> dict[str, tuple[str, str | None]]:
    """Return what causes in the forum, and orders, are about."""
    parts = {cause: cause.split(":") for cause in causes}
    posts = own.posts_of([part[1] for part in parts.values() if part[0] == "post"])
    rewards = own.rewards_of([part[1] for part in parts.values() if part[0] == "order"])
    found: dict[str, tuple[str, str | None]] = {}
    for cause, part in parts.items():
        if part[0] == "post" and part[1] in posts:
            post = posts[part[1]]
            found[cause] = _in_topic(post.topic_ref, post.no, post.title)
        elif part[0] == "order" and part[1] in rewards:
            found[cause] = _named(rewards[part[1]]), _order(part[1])[1]
    return found


def _in_topic(ref: str, no: int, title: str) -> tuple[str, str]:
    return f"{title} #{no}", links.to("club.topic", ref=ref, post=no, _anchor=f"p{no}")


def _named(names: dict[str, str]) -> str:
    return names.get(i18n.tag()) or names["zh-Hans"]


def _plain(cause: str) -> tuple[str, str | None]:
    word, _colon, rest = cause.partition(":")
    return _ways[word](rest) if word in _ways else (rest, None)


def _order(ref: str) -> tuple[str, str]:
    return ref, links.to("points.orders", _anchor=ref)


provide("order", _order)
provide("consignment", lambda no: (no, links.to("consignments.detail", no=no)))
provide("inbound", lambda ref: (ref, links.to("inbound.detail", ref=ref)))
provide("lot", lambda day: (_("Older than 12 months"), None))
