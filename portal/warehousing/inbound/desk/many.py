"""The desk’s list of notices of every company, and what happens at the doors today."""

from typing import Any

from flask import render_template, request, url_for

from portal.core.errors import NotFound
from portal.warehousing.goods.queries.owners import owner_by_ref
from portal.warehousing.inbound.desk.blueprint import bp
from portal.warehousing.inbound.queries import floor
from portal.warehousing.inbound.queries.many import Filter, counts_for, row_for
from portal.warehousing.inbound.rules.states import NOT_FOUND
from portal.warehousing.inbound.shown import words
from portal.warehousing.inbound.shown.asked import Asked, tabs
from portal.warehousing.inbound.shown.asking import asker
from portal.warehousing.inbound.shown.paging import page_of
from portal.warehousing.sites.queries import warehouses_for


@bp.get("")
def index() -> str:
    """List the notices of every company, with the arrivals of today on top."""
    asked, houses = Asked.of(request.args), warehouses_for(asker())
    house = next((h.id for h in houses if h.code == asked.warehouse), None)
    wanted = asked.filter(house or (-1 if asked.warehouse else None), _company(asked.company))
    rows, newer, older = page_of(wanted)
    return render_template(
        "warehousing/inbound/desk/index.html",
        rows=rows,
        houses=[(each.code, words.house_of(each)) for each in houses],
        newer=newer and _address(asked, before=newer),
        older=older and _address(asked, after=older),
        chips=[(text, _address(rest)) for text, rest in asked.conditions()],
        **(_doors(house) | _counted(asked)),
    )


def _company(ref: str) -> int | None:
    """Return the id of the company whose reference was typed; -1 for one that is nobody’s."""
    if not ref:
        return None
    try:
        return int(owner_by_ref(ref).id)
    except NotFound:
        return -1


def _address(asked: Asked, **cursor: Any) -> str:
    args: dict[str, Any] = asked.args() | cursor
    return url_for("inbound_desk.index", **args)


def _counted(asked: Asked) -> dict[str, Any]:
    counts = counts_for(asker(), Filter())
    shown = [
        (text, url_for("inbound_desk.index", **args), *rest)
        for text, args, *rest in tabs(asked, counts)
    ]
    total = sum(counts.values()) - counts["differs"]
    return {"asked": asked, "tabs": shown, "total": total, "words": words}


def _doors(house: int | None) -> dict[str, Any]:
    user, houses = asker(), warehouses_for(asker())
    chosen = [house] if house else [each.id for each in houses]
    return {
        "here": [row for each in chosen for row in floor.here(user, each)],
        "expected": [row for each in chosen for row in floor.expected(user, each)],
        "waiting": sum(len(floor.tasks(user, each)) for each in chosen),
        "words": words,
    }


@bp.get("/doors")
def doors() -> str:
    """Show what is at the doors, for pages that follow the warehouse."""
    houses = warehouses_for(asker())
    house = next((h.id for h in houses if h.code == request.args.get("warehouse")), None)
    asked = Asked.of(request.args)
    return render_template("warehousing/inbound/desk/_doors.html", asked=asked, **_doors(house))


@bp.get("/counts")
def counts() -> str:
    """Show the tabs with their counts, for pages that follow the warehouse."""
    shown = _counted(Asked.of(request.args))
    return render_template("warehousing/inbound/desk/_counts.html", **shown)


@bp.get("/<ref>/row")
def row(ref: str) -> str:
    """Show one row of the list, for pages that follow the warehouse."""
    found = row_for(asker(), ref)
    if found is None:
        raise NotFound(NOT_FOUND)
    return render_template("warehousing/inbound/desk/_row.html", row=found, words=words)
