"""What is known of a reader where an advertisement is chosen: an open set.

Rooms that know more (the class of a company, the tier of a member) call ``provide`` when the
portal starts; the campaign editor then offers their values and the choice asks them.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.core import clock
from portal.core.i18n import LANGUAGES
from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext as _p
from portal.promotion.rules import targeting
from portal.promotion.rules.targeting import Facts

Options = Callable[[], Collection[tuple[str, Any]]]


@dataclass(frozen=True)
class Fact:
    """One thing that may be known: its values as the editor offers them, and how to learn it."""

    name: str
    label: Any
    options: Options
    #: Returns the values that hold for somebody; must be cheap and make no statement.
    of: Callable[[Any], Collection[str]]


_provided: dict[str, Fact] = {}


def provide(name: str, label: Any, options: Options, of: Callable[[Any], Collection[str]]) -> None:
    """Let campaigns ask for a further fact; ``of(user)`` returns the values that hold for him."""
    _provided[name] = Fact(name, label, options, of)


def provided() -> Mapping[str, Fact]:
    """Return the facts that are asked of the person, by name."""
    return _provided


def now_for(user: Any, *, language: str, page: str) -> Facts:
    """Return all that is known: of the person, the page's language and part, and the time."""
    own = {fact.name: frozenset(fact.of(user)) for fact in _provided.values()}
    time = targeting.of_time(local_now())
    return {**own, **time, "language": {language}, "page": {page}}


def local_now() -> datetime:
    """Return the present instant by the centre's clock."""
    return clock.now().astimezone(clock.zone())


def _audience(user: Any) -> set[str]:
    if not user.is_authenticated:
        return {"visitor"}
    return {"member"} if user.company_id else {"staff"}


def _company(user: Any) -> set[str]:
    ref = getattr(user, "company_ref", None)
    return {ref} if ref else set()


AUDIENCES = (("visitor", _l("Visitors")), ("member", _l("Members")))
provide("audience", _p("ads", "Who"), lambda: AUDIENCES, _audience)
provide("company", _l("Companies"), lambda: (), _company)
LANGUAGE_OPTIONS = tuple((tag, label) for tag, label in LANGUAGES)
#: Parts of the site by the first word of their endpoints.
PAGES = (
    ("home", _l("Home")),
    ("pages", _l("Pages of the centre")),
    ("news", _l("News")),
    ("tracking", _l("Tracking")),
    ("learn", _l("Learning")),
    ("messages", _l("Message board")),
    ("estimate", _l("Price estimate")),
    ("apply", _l("Becoming a member")),
    ("member", _l("Members’ overview")),
    ("club", _l("Members’ club")),
    ("other", _l("Other pages")),
)
_PARTS = {
    "pages.home": "home",
    "process": "pages",
    "services": "pages",
    "friendly_links": "pages",
    "study": "learn",
    "ask": "learn",
    "certificates": "learn",
}


def part_of(endpoint: str | None) -> str:
    """Return to which part of the site a page belongs."""
    words = endpoint or ""
    part = _PARTS.get(words) or words.split(".")[0]
    part = _PARTS.get(part, part)
    return part if part in dict(PAGES) else "other"
