"""The daily question: its shape, whose turn it is, in which order options are shown."""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext

TOPICS = {
    "packing": _l("Packing"),
    "dangerous": _l("Dangerous goods"),
    "customs": _l("Customs"),
    "terms": _l("Terms of trade"),
    "cold": lazy_pgettext("topic", "Cold chain"),
    "warehouse": _l("Warehouse"),
    "road": _l("Road, sea and air"),
    "centre": _l("The centre’s services"),
}
STATES = {
    "draft": lazy_pgettext("quiz", "Draft"),
    "ready": lazy_pgettext("quiz", "Ready"),
    "retired": lazy_pgettext("quiz", "Retired"),
}
TONGUES = ("zh-Hans", "zh-Hant", "en")
OPTIONS = 4
ASK_MAX, OPTION_MAX, WHY_MAX, SOURCE_MAX, LINK_MAX = 300, 160, 800, 200, 200  # characters
PLANNED_AHEAD = timedelta(days=400)


class Turn(NamedTuple):
    """A question whose turn may be next."""

    id: int
    ref: str
    turn: int
    planned_on: date | None


def missing(texts: dict[str, Any]) -> list[str]:
    """Return the languages in which something of a question is missing."""
    return [tag for tag in TONGUES if not _is_whole(texts.get(tag))]


def _is_whole(text: Any) -> bool:
    if not isinstance(text, dict):
        return False
    options = text.get("options") or []
    return bool(text.get("ask") and text.get("why") and len(options) == OPTIONS and all(options))


def are_alike(texts: dict[str, Any]) -> bool:
    """Return whether two options say the same in some language."""
    sets = ([o.casefold() for o in text.get("options", []) if o] for text in texts.values())
    return any(len(set(options)) < len(options) for options in sets)


def chosen(questions: Iterable[Turn], day: date, secret: str) -> Turn | None:
    """Return the question of a day; None where there is none.

    One that is planned for it comes first. Else, of those that are not kept for another day, one
    whose turn has come least often; among these the secret decides, so nobody knows the next one.
    """
    offered = list(questions)
    planned = next((each for each in offered if each.planned_on == day), None)
    if planned is not None:
        return planned
    free = [each for each in offered if each.planned_on is None or each.planned_on < day]
    among = free or offered
    if not among:
        return None
    least = min(each.turn for each in among)
    return min(
        (each for each in among if each.turn == least),
        key=lambda each: _mixed(secret, f"{day.isoformat()}:{each.ref}"),
    )


def order_of(salt: str, person_id: int) -> list[int]:
    """Return the order in which options are shown to somebody: places as they are kept."""
    return sorted(range(OPTIONS), key=lambda place: _mixed(salt, f"{person_id}:{place}"))


def _mixed(secret: str, about: str) -> bytes:
    return hmac.new(secret.encode(), about.encode(), hashlib.sha256).digest()


def streak(last_on: date | None, before: int, day: date, is_right: bool) -> int:
    """Return the right answers in a row with the one of ``day``."""
    if not is_right:
        return 0
    is_next = last_on is not None and day - last_on == timedelta(days=1)
    return before + 1 if is_next else 1


def share(right: int, answered: int) -> float | None:
    """Return the share of right answers; None where nobody has answered."""
    return right / answered if answered else None


def best(texts: dict[str, Any], tag: str) -> tuple[str, dict[str, Any]]:
    """Return the language of a question that comes next to ``tag``, and its words."""
    order: Sequence[str] = (tag, *TONGUES)
    language = next(each for each in order if _is_whole(texts.get(each)))
    return language, texts[language]
