"""What lists of returns show, to owners and at the desk."""

from collections.abc import Mapping
from typing import Any

from flask import request, url_for

from portal.accounts.access import User
from portal.accounts.rules import plain
from portal.core import clock, pagination
from portal.core.i18n import gettext as _
from portal.core.links import with_query
from portal.warehousing.returns.queries import many
from portal.warehousing.returns.queries.many import TABS, Filter
from portal.warehousing.returns.shown.words import words

OWNERS = ("open", "requested", "coming", "deciding", "ended")
DESK = ("requested", "coming", "inspecting", "deciding", "settling", "open", "ended")


def names() -> dict[str, str]:
    """Return tab → what it is called."""
    return {
        "open": _("All that are open"),
        "requested": _("Requested"),
        "coming": _("On their way"),
        "inspecting": _("To be inspected"),
        "deciding": _("The owner decides"),
        "settling": _("To be settled"),
        "ended": _("Ended"),
    }


def _offered(user: User) -> tuple[str, ...]:
    return OWNERS if user.company_id is not None else DESK


def _asked() -> dict[str, str]:
    return {n: plain(request.args.get(n, "")).strip()[:100] for n in ("tab", "q")}


def wanted_of(user: User) -> Filter:
    """Return which returns the address asks for; without a word: the first tab."""
    asked = _asked()
    tab = asked["tab"] if asked["tab"] in TABS else _offered(user)[0]
    return Filter(tab=tab, text=asked["q"])


def listed(user: User, blueprint: str) -> dict[str, Any]:
    """Return what a list shows; ``blueprint`` is the one that shows it."""
    offered, asked, wanted = _offered(user), _asked(), wanted_of(user)
    tab = wanted.tab
    after = request.args.get("after")
    page = many.returns_for(user, wanted, after=after, limit=pagination.limit(None))
    kept = {name: value for name, value in asked.items() if value}
    here = url_for(f"{blueprint}.index")
    return {
        "rows": page.items,
        "lines": many.lines_of_many(page.items),
        "tabs": _tabs(many.counts_for(user), offered, tab, here),
        "tab": tab,
        "kept": kept,
        "chips": [(f"“{asked['q']}”", with_query(here, [("tab", tab)]))] if asked["q"] else [],
        "older": page.next and with_query(here, {**kept, "after": page.next}.items()),
        "first": with_query(here, kept.items()) if after else None,
        "fragment": with_query(url_for(f"{blueprint}.rows"), request.args),
        "here": blueprint,
        "present": clock.now(),
        **words(),
    }


def _tabs(
    counts: Mapping[str, int], offered: tuple[str, ...], tab: str, here: str
) -> list[tuple[Any, ...]]:
    named = names()
    return [
        (named[name], with_query(here, [("tab", name)]), name == tab, counts.get(name))
        for name in offered
    ]
