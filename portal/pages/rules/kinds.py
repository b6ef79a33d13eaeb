"""Kinds of written things: their names, their addresses, and what only some of them have."""

import re
from typing import NamedTuple

from portal.core.errors import FieldError
from portal.core.i18n import LANGUAGES, TAGS, lazy_pgettext
from portal.core.i18n import lazy as _l


class Kind(NamedTuple):
    """A kind: what people call one and many of it, and where it is read."""

    name: object
    plural: object
    path: str  # with {slug}
    is_dated: bool = False  # newest first; otherwise in the order of positions


KINDS = {
    "page": Kind(
        lazy_pgettext("written", "Page"), lazy_pgettext("written", "Pages"), "/pages/{slug}"
    ),
    "news": Kind(_l("News item"), _l("News"), "/news/{slug}", is_dated=True),
    "notice": Kind(
        lazy_pgettext("written", "Notice"),
        lazy_pgettext("written", "Notices"),
        "/notices/{slug}",
        is_dated=True,
    ),
    "article": Kind(
        lazy_pgettext("written", "Article"),
        lazy_pgettext("written", "Articles"),
        "/learn/{slug}",
        is_dated=True,
    ),
    "service": Kind(_l("Service"), _l("Services"), "/services/{slug}"),
}
#: Pages with an address of their own; what stands below one is read below it.
ROOTS = {
    "about": "/about",
    "contact": "/contact",
    "services": "/services",
    "process": "/process",
    "procurement": "/procurement",
    "enterprise": "/enterprise",
    "payment": "/payment",
    "links": "/links",
}
#: Roots below which something else is read.
_TAKEN = frozenset({"services"})
#: Where a notice may be shown.
PLACES = {
    "home": _l("Home page"),
    "track": _l("Tracking pages"),
    "services": _l("Services and estimates"),
    "contact": _l("Contact and messages"),
    "member": _l("Member area"),
}
#: Languages by the names that writers know them by; ``KINDS`` and texts are kept under the tags.
LANGUAGE_NAMES = {
    "zh-Hans": _l("Simplified Chinese"),
    "zh-Hant": _l("Traditional Chinese"),
    "en": lazy_pgettext("language", "English"),
}
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_SLUG = 80
WINDOWS = range(1, 10)


def path_of(kind: str, slug: str, parent: str | None = None) -> str:
    """Return where a page is read; ``parent`` is the slug of the page it stands below."""
    if kind == "page" and slug in ROOTS:
        return ROOTS[slug]
    if kind == "page" and parent in ROOTS and parent not in _TAKEN:
        return f"{ROOTS[parent]}/{slug}"
    return KINDS[kind].path.format(slug=slug)


def check_slug(slug: str) -> list[FieldError]:
    """Return what is wrong with a slug: nothing, or one sentence."""
    if SLUG.fullmatch(slug) and len(slug) <= LONGEST_SLUG:
        return []
    return [
        FieldError(
            "slug", _l("Use small letters a to z, figures and hyphens, such as holiday-hours.")
        )
    ]


def fallbacks(tag: str) -> tuple[str, ...]:
    """Return the languages to read a page in, the best for a reader of ``tag`` first.

    The other script of Chinese comes before English, English before Chinese for nobody.
    """
    order = {
        "zh-Hans": ("zh-Hans", "zh-Hant", "en"),
        "zh-Hant": ("zh-Hant", "zh-Hans", "en"),
        "en": ("en", "zh-Hans", "zh-Hant"),
    }
    return order.get(tag, TAGS)


__all__ = [
    "KINDS",
    "LANGUAGES",
    "LANGUAGE_NAMES",
    "LONGEST_SLUG",
    "PLACES",
    "ROOTS",
    "WINDOWS",
    "Kind",
    "check_slug",
    "fallbacks",
    "path_of",
]
