"""Among what learning is listed, and the kinds of works."""

from collections.abc import Mapping
from typing import Any

from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext

TOPICS: Mapping[str, Any] = {
    "packing": _l("Packing"),
    "dangerous": _l("Dangerous goods"),
    "cold": lazy_pgettext("topic", "Cold chain"),
    "how": _l("How things work"),
}
COURSE, BOOK = "course", "book"
KINDS: Mapping[str, Any] = {COURSE: lazy_pgettext("learning", "Course"), BOOK: _l("Book")}
PART_NAMES: Mapping[str, Any] = {COURSE: _l("Lesson"), BOOK: _l("Chapter")}
#: Topics of the articles that come with the portal; others are sorted in at the desk.
OF_ARTICLES = {
    "packing-basics": "packing",
    "stacking-a-pallet": "packing",
    "dangerous-goods": "dangerous",
    "cold-chain-basics": "cold",
    "check-digit": "how",
    "volumetric-weight": "how",
}
USUAL = "how"  # topic of what nobody has sorted yet


def topic_of(slug: str, chosen: str | None) -> str:
    """Return the topic of an article: the one chosen at the desk, else the usual one."""
    return chosen if chosen and chosen in TOPICS else OF_ARTICLES.get(slug, USUAL)
