"""The list of counts, and one of them with its places and lines."""

from typing import Any

from flask import render_template, request, url_for

from portal.core import clock, pagination
from portal.core.i18n import gettext as _
from portal.core.i18n import number
from portal.core.links import with_query
from portal.core.quantities import written
from portal.warehousing.counting import rules
from portal.warehousing.counting.desk.blueprint import asker, bp
from portal.warehousing.counting.queries import accuracy_by_owner, accuracy_for, desk
from portal.warehousing.goods.rules import unit_text


@bp.get("")
def index() -> str:
    """Show the counts that are open, to be decided, or closed."""
    user = asker()
    owners = [
        {
            "label": name,
            "value": float(each.percent or 0),
            "text": f"{number(each.percent or 0)} %",
            "cells": [number(each.counted)],
        }
        for name, each in accuracy_by_owner(user)
    ]
    return render_template(
        "warehousing/counting/desk/index.html",
        accuracy=accuracy_for(user),
        owners=owners,
        **_list(),
    )


@bp.get("/list")
def rows() -> str:
    """Return tabs and rows anew, for pages that follow the board."""
    return render_template("warehousing/counting/desk/_list.html", **_list())


def _list() -> dict[str, Any]:
    user, tab = asker(), request.args.get("tab", "open")
    tab = tab if tab in desk.TABS else "open"
    after = request.args.get("after")
    page = desk.counts_for(user, tab, after=after, limit=pagination.limit(None))
    here = url_for("counts_desk.index")
    return {
        "rows": page.items,
        "older": page.next and with_query(here, [("tab", tab), ("after", page.next)]),
        "first": with_query(here, [("tab", tab)]) if after else None,
        "tabs": _tabs(desk.counts_by_tab(user), tab),
        "tab": tab,
        "kinds": rules.KINDS,
        "statuses": rules.STATUSES,
        "fragment": with_query(url_for("counts_desk.rows"), request.args),
        "present": clock.now(),
    }


def _tabs(counts: dict[str, int], tab: str) -> list[tuple[Any, ...]]:
    names = {"open": _("Open"), "deciding": _("To be decided"), "closed": _("Closed")}
    here = url_for("counts_desk.index")
    return [
        (text, with_query(here, [("tab", name)]), name == tab, counts.get(name))
        for name, text in names.items()
    ]


@bp.get("/<ref>")
def show(ref: str) -> str:
    """Show a count: its places, and to who may decide what was found."""
    return render_template("warehousing/counting/desk/show.html", **_one(ref))


@bp.get("/<ref>/lines")
def lines(ref: str) -> str:
    """Return places and lines anew, for pages that follow the board."""
    return render_template("warehousing/counting/desk/_one.html", **_one(ref))


def _one(ref: str) -> dict[str, Any]:
    user = asker()
    count = desk.count_for(user, ref)
    counters = desk.counted_by(count)
    return {
        "count": count,
        "places": desk.places_of(count),
        "lines": desk.lines_of(user, count),
        "is_counter": user.person_id in counters,
        "kinds": rules.KINDS,
        "statuses": rules.STATUSES,
        "place_statuses": rules.PLACE_STATUSES,
        "line_statuses": rules.LINE_STATUSES,
        "most_note": rules.MAX_NOTE,
        "written": written,
        "unit_text": unit_text,
        "present": clock.now(),
    }
