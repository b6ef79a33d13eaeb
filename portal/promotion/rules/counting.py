"""What counts as a view or a click, and why the rest does not (docs/advertising.md).

A view is valid when half of the advertisement was visible for a second (MRC Viewable Ad Impression
Measurement Guidelines; for video two seconds) and nothing speaks against a person. What is not
valid is kept with its first reason in the order of REASONS.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

from portal.core.i18n import lazy as _l

VISIBLE_SHARE = 0.5
VISIBLE_FOR = {"video": timedelta(seconds=2)}
VISIBLE_FOR_USUALLY = timedelta(seconds=1)
#: How long after it was sent to the page a view or click still belongs to it.
GOOD_FOR = {"view": timedelta(hours=1), "click": timedelta(hours=4)}
#: A person needs longer from the page's arrival to his click.
SOONEST_CLICK = timedelta(milliseconds=500)
#: More of these from one visitor in a day do not count.
MOST = {"view": 200, "click": 10}
REASONS = {
    "forged": _l("made-up or altered id"),
    "foreign": _l("id of another visitor, or sent by another site"),
    "expired": _l("too long after the page was loaded"),
    "replay": _l("the same view or click again"),
    "prefetch": _l("loaded in advance, not by a person"),
    "bot": _l("known robot, or a program that says no name"),
    "headless": _l("browser without a screen or driven by a program"),
    "too_fast": _l("sooner than a person can see or click"),
    "too_many": _l("too many from one visitor in a day"),
    "staff": _l("the centre’s own people"),
    "not_running": _l("the campaign was not running"),
    "no_view": _l("a click on a page without script, whose view nobody measured"),
}
#: Names by which programs call themselves; a list of its own, after those that IAB/ABC describe.
_PROGRAM = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|scrap|fetch|monitor|uptime|pingdom|preview|validator|checker|"
    r"facebookexternalhit|embedly|whatsapp|lighthouse|pagespeed|gtmetrix|archiver|transcoder|"
    r"curl|wget|httpie|python|aiohttp|httpx|okhttp|java/|libwww|perl|ruby|go-http|node-fetch|"
    r"axios|postman|insomnia|apache-http|winhttp|scanner|nikto|sqlmap|feed|rss|baiduspider|sogou "
    r"|360spider|bytespider|yisou|petalbot",
    re.IGNORECASE,
)
_DRIVEN = re.compile(
    r"headless|phantomjs|puppeteer|playwright|selenium|webdriver|cypress|electron", re.IGNORECASE
)


@dataclass(frozen=True)
class Sender:
    """What a request says of itself; ``driven`` by the page's own word."""

    agent: str
    brands: str = ""  # Sec-CH-UA
    purpose: str = ""  # Sec-Purpose, Purpose, X-Moz
    is_foreign: bool = False  # Origin or Sec-Fetch-Site of another site
    is_driven: bool = False
    is_staff: bool = False


@dataclass(frozen=True)
class Hit:
    """A view or click to be judged; ``age`` since it was sent, None where no id of ours came.

    ``so_far`` are this visitor's valid ones of today.
    """

    kind: str
    sender: Sender
    age: timedelta | None
    creative_kind: str = "image"
    is_visitors_own: bool = True
    is_running: bool = True
    is_measured: bool = True
    so_far: int = 0


def is_prefetch(sender: Sender) -> bool:
    """Return whether a browser only loads in advance."""
    return any(word in sender.purpose.lower() for word in ("prefetch", "prerender", "preview"))


def is_program(sender: Sender) -> bool:
    """Return whether the user agent is empty, very short, or one of a known program."""
    return len(sender.agent) < 16 or _PROGRAM.search(sender.agent) is not None


def is_driven(sender: Sender) -> bool:
    """Return whether the browser has no screen or is driven by a program."""
    named = _DRIVEN.search(sender.agent) or _DRIVEN.search(sender.brands)
    return sender.is_driven or named is not None


def reason_against(hit: Hit) -> str | None:
    """Return why a view or click does not count; None if it does, unless it came before."""
    return next((name for name, speaks in _checks(hit) if speaks), None)


def _checks(hit: Hit) -> list[tuple[str, bool]]:
    sender = hit.sender
    return [
        ("forged", hit.is_measured and (hit.age is None or hit.age < timedelta(seconds=-5))),
        ("foreign", sender.is_foreign or not hit.is_visitors_own),
        ("expired", hit.age is not None and hit.age > GOOD_FOR[hit.kind]),
        ("prefetch", is_prefetch(sender)),
        ("headless", is_driven(sender)),
        ("bot", is_program(sender)),
        ("too_fast", hit.age is not None and hit.age < soonest(hit)),
        ("too_many", hit.so_far >= MOST[hit.kind]),
        ("staff", sender.is_staff),
        ("not_running", not hit.is_running),
        ("no_view", not hit.is_measured),
    ]


def soonest(hit: Hit) -> timedelta:
    """Return how long after it was sent this hit is possible."""
    if hit.kind == "click":
        return SOONEST_CLICK
    return VISIBLE_FOR.get(hit.creative_kind, VISIBLE_FOR_USUALLY)
