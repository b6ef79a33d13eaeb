"""What tells an unwanted message from a wanted one, without asking anybody outside.

``weigh`` is pure: it adds up points and says why. Nothing is dropped for its points; whoever
uses them puts what has many aside, for somebody to look at. ``Trap`` is the part of a form that
people never see or touch, and that carries the proof of when it was shown.
"""

import hashlib
import re
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from wtforms import HiddenField, StringField

from portal.core import clock, search, tokens
from portal.core.i18n import lazy as _l

SPAM_FROM = 60  # points from which something is put aside
SKETCH = 24  # numbers kept of a text, to know one that is nearly the same
SHINGLE = 5  # characters
NEAR = 0.45  # share of a sketch from which two texts are nearly the same
TOO_FAST = timedelta(seconds=3)
HASTY = timedelta(seconds=8)
FORM_AGE = timedelta(days=7)  # what was opened earlier was kept, not filled
PURPOSE = "form"
_LINK = re.compile(r"(?:https?://|www\.)\S+|\b[\w-]+\.(?:ru|xyz|top|click|icu|shop|loan)\b", re.I)
_MARKUP = re.compile(r"\[(?:url|link|img)[=\]]|<\s*a\b|<\s*img\b|<\s*script\b|href\s*=", re.I)
#: What is offered to everybody and has nothing to do with freight.
_OFFERS = (
    "casino viagra cialis porn backlinks cryptocurrency bitcoin forex lottery "
    "代开发票 代办证件 博彩 赌场 刷单 网赚 色情 裸聊 信用卡套现 私服 六合彩 时时彩"
).split()
_OFFER_PHRASES = (
    "seo services",
    "rank on google",
    "first page of google",
    "guest post",
    "buy followers",
    "earn money fast",
    "work from home",
    "无抵押贷款",
    "加微信领",
    "日赚",
    "快速排名",
)
REASONS = {
    "trap": _l("A field that people do not see was filled"),
    "no_form": _l("It was sent without the form"),
    "fast": _l("The form was filled in less than three seconds"),
    "hasty": _l("The form was filled in a few seconds"),
    "links": _l("It has several links"),
    "mostly_links": _l("It is little more than links"),
    "link_in_name": _l("The name or the subject is a link"),
    "markup": _l("It has links written for web pages"),
    "offers": _l("It offers what such mails offer"),
    "repeated": _l("The same text came before"),
    "similar": _l("Nearly the same text came before"),
    "many": _l("Several came from the same address within the hour"),
}


@dataclass(frozen=True)
class Verdict:
    """Points (0 to 100) and the reasons for them, keys of REASONS, the heaviest first."""

    score: int
    reasons: tuple[str, ...] = ()

    @property
    def is_spam(self) -> bool:
        """Whether it should be put aside and looked at."""
        return self.score >= SPAM_FROM


@dataclass(frozen=True)
class Shown:
    """When a form was first shown, and its own name: the same form sent twice has the same."""

    at: datetime
    name: str


class Trap:
    """Mixin of forms that strangers fill; call ``show_trap()`` before it is first painted.

    In the template: ``{% from "components/trap.html" import trap %}{{ trap(form) }}``.
    """

    homepage = StringField()
    shown = HiddenField()

    def show_trap(self) -> None:
        """Note in the form when it was shown, if it does not say so yet."""
        if self.first_shown() is None:
            stamp = [int(clock.now().timestamp()), secrets.token_urlsafe(12)]
            self.shown.data = tokens.signed(stamp, PURPOSE)

    def first_shown(self) -> Shown | None:
        """Return when the form was shown first; None if it does not carry our proof."""
        stamp = tokens.read_signed(str(self.shown.data or ""), PURPOSE)
        if not isinstance(stamp, list) or len(stamp) != 2:
            return None
        return Shown(datetime.fromtimestamp(stamp[0], UTC), str(stamp[1]))

    @property
    def was_trapped(self) -> bool:
        """Whether the field that people do not see was filled."""
        return bool(self.homepage.data)

    def time_taken(self) -> timedelta | None:
        """Return how long it took to fill the form; None without our proof, or a stale one."""
        shown = self.first_shown()
        took = None if shown is None else clock.now() - shown.at
        return took if took is None or took < FORM_AGE else None


def weigh(
    text: str,
    *,
    heads: Iterable[str] = (),
    took: timedelta | None = HASTY,
    trapped: bool = False,
    from_here: int = 0,
    known: Collection[tuple[str, Collection[int]]] = (),
) -> Verdict:
    """Return how much a text looks like one that nobody here wants.

    ``heads`` are name, company and subject; ``took`` how long the form was filled, None where
    it was not ours; ``from_here`` how many came from this address within the last hour; ``known``
    are the (fingerprint, sketch) of what came lately.
    """
    found = {
        **_of_form(took, trapped),
        **_of_links(text, list(heads)),
        **_of_words(" ".join([*heads, text])),
        **_of_others(text, known),
        "many": min(20 * max(from_here - 2, 0), 60),
    }
    reasons = sorted((name for name in found if found[name]), key=lambda name: -found[name])
    return Verdict(min(sum(found.values()), 100), tuple(reasons))


def _of_form(took: timedelta | None, trapped: bool) -> dict[str, int]:
    return {
        "trap": 100 * trapped,
        "no_form": 40 if took is None else 0,
        "fast": 60 if took is not None and took < TOO_FAST else 0,
        "hasty": 20 if took is not None and TOO_FAST <= took < HASTY else 0,
    }


def _of_links(text: str, heads: list[str]) -> dict[str, int]:
    links = _LINK.findall(text)
    share = sum(map(len, links)) / max(len(text), 1)
    return {
        "links": 0 if len(links) < 2 else min(20 * (len(links) - 1), 60),
        "mostly_links": 30 if links and share > 0.5 else 0,
        "link_in_name": 50 if any(_LINK.search(head) for head in heads) else 0,
        "markup": 50 if _MARKUP.search(text) else 0,
    }


def _of_words(text: str) -> dict[str, int]:
    plain = search.normalise(text)
    words = set(re.findall(r"[a-z]+", plain))
    hits = sum(
        (offer in words) if offer.isascii() else (offer in plain) for offer in _OFFERS
    ) + sum(phrase in plain for phrase in _OFFER_PHRASES)
    return {"offers": min(40 * hits, 80)}


def _of_others(text: str, known: Collection[tuple[str, Collection[int]]]) -> dict[str, int]:
    own, numbers = fingerprint(text), sketch(text)
    if any(print_ == own for print_, _ in known):
        return {"repeated": 50}
    return {"similar": 40 if any(alike(numbers, other) >= NEAR for _, other in known) else 0}


def fingerprint(text: str) -> str:
    """Return the hash of a text without its case, spaces, marks and width of characters."""
    return hashlib.sha256(_bare(text).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def sketch(text: str) -> list[int]:
    """Return the SKETCH smallest hashes of the text's pieces; none for a very short text."""
    bare = _bare(text)
    pieces = {bare[i : i + SHINGLE] for i in range(len(bare) - SHINGLE + 1)}
    return list(islice(sorted(map(_hash, pieces)), SKETCH)) if len(pieces) >= SKETCH else []


def alike(one: Collection[int], other: Collection[int]) -> float:
    """Return which share of their pieces two texts have in common, estimated (0 to 1)."""
    if not one or not other:
        return 0.0
    smallest = set(sorted({*one, *other})[:SKETCH])
    return len(smallest & set(one) & set(other)) / len(smallest)


def _bare(text: str) -> str:
    return "".join(c for c in search.normalise(text) if c.isalnum())


def _hash(piece: str) -> int:
    digest = hashlib.blake2b(piece.encode("utf-8", "surrogatepass"), digest_size=6).digest()
    return int.from_bytes(digest, "big")


def in_words(reasons: Iterable[str]) -> list[Any]:
    """Return what the reasons say to people."""
    return [REASONS[reason] for reason in reasons if reason in REASONS]
