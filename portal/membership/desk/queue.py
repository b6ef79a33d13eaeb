"""The queue of applications, filtered by its address, the soonest due first."""

from typing import Any

from flask import render_template, request, url_for

from portal.accounts.company_forms import countries, country_name
from portal.core import clock, pagination
from portal.core.i18n import gettext as _
from portal.core.links import with_query
from portal.membership import keys
from portal.membership.desk.blueprint import bp, user
from portal.membership.queries import applications
from portal.membership.queries.applications import Wanted
from portal.membership.rules.reading import clean
from portal.membership.rules.states import OPEN, STATE_TEXT, State

FILTERS = ("state", "q", "country", "who", "overdue")
TABS = (State.SUBMITTED, State.IN_REVIEW, State.INFO_REQUESTED)
SETTLED = (State.APPROVED, State.REFUSED, State.WITHDRAWN)


@bp.get("")
def index() -> str:
    """Show the queue."""
    return render_template("membership/desk/index.html", **_queue())


@bp.get("/queue")
def queue() -> str:
    """Show tabs and rows anew, for pages that follow the inbox."""
    return render_template("membership/desk/_queue.html", **_queue())


def _queue() -> dict[str, Any]:
    kept = _kept()
    wanted = _wanted(kept)
    size = pagination.limit(request.args.get("limit"))
    after = request.args.get("after")
    rows, following = applications.applications_for(user(), wanted, after=after, limit=size)
    counts = applications.counts_for(user())
    here = url_for(".index")
    return {
        "rows": rows,
        "wanted": wanted,
        "kept": kept,
        "tabs": _tabs(kept, counts),
        "overdue": counts.get("overdue", 0),
        "first": with_query(here, kept.items()) if after else None,
        "older": with_query(here, [*kept.items(), ("after", following)]) if following else None,
        "fragment": with_query(url_for(".queue"), kept.items()),
        "now_at": clock.now(),
        "state_text": STATE_TEXT,
        "country_name": country_name,
        "countries": [("", _("all")), *countries()],
        "referral": keys.referral_code(user().person_id),
    }


def _kept(**changes: str) -> dict[str, str]:
    asked = {name: clean(request.args.get(name, ""))[:200] for name in FILTERS} | changes
    return {name: value for name, value in asked.items() if value}


def _wanted(kept: dict[str, str]) -> Wanted:
    who = kept.get("who")
    return Wanted(
        state=kept.get("state", ""),
        words=kept.get("q", ""),
        country=kept.get("country", ""),
        reviewer_id=user().person_id if who == "me" else None,
        nobody=who == "nobody",
        overdue="overdue" in kept,
    )


def _tabs(kept: dict[str, str], counts: dict[str, int]) -> list[tuple[Any, str, bool, int]]:
    """Return (words, address, whether it is shown, how many) of each state."""
    present = kept.get("state", "")
    offered: list[tuple[str, Any, int]] = [
        ("", _("All open"), sum(counts.get(state, 0) for state in OPEN)),
        *((state, STATE_TEXT[state], counts.get(state, 0)) for state in (*TABS, *SETTLED)),
    ]
    return [
        (words, with_query(url_for(".index"), _kept(state=state).items()), state == present, number)
        for state, words, number in offered
    ]
