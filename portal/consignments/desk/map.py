"""The map of the desk: the board's consignments where they are, and the same as a table."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from flask import Response, g, render_template, request, url_for
from flask_login import current_user

from portal.accounts.access import User
from portal.consignments.desk.blueprint import map_bp as bp
from portal.consignments.desk.filtering import SERVICES, kept, wanted
from portal.consignments.queries import board, mapped
from portal.consignments.queries.board import Wanted
from portal.consignments.rules import expected, numbers
from portal.consignments.rules.queues import QUEUE_OF
from portal.consignments.rules.vocabulary import text
from portal.consignments.shown.whereabouts import Whereabouts, of_now
from portal.core import clock, i18n
from portal.core.api import as_json

ROWS = 50  # of the table that a page shows
MOST_NUMBERS = 200  # that one question about single consignments names
#: What is late depends on the clock, so that an answer is worth no longer than this.
KEPT_FOR = timedelta(minutes=5)


@bp.get("")
def index() -> str:
    """Show everything under way on the map, and page by page in a table."""
    members = board.members()
    asked = wanted(members)
    page = mapped.moving_for(_user(), asked, after=request.args.get("after"), limit=ROWS)
    return render_template(
        "consignments/desk/map.html",
        page=page,
        members=members,
        wanted=asked,
        services=SERVICES,
        kept=kept(),
        where=of_now,
        due_of=due_of,
        is_late=is_late,
        status_words={status: str(text(status)) for status in mapped.MOVING},
        counts=board.queue_counts_for(_user(), asked.company_id),
    )


@bp.get("/consignments")
def consignments() -> Response:
    """Return where everything under way is: all of it in pages, or the numbers of ``no``.

    An item is [number, status, latitude, longitude, sure, late, place]; latitude and longitude
    are null where nobody knows. An answer that was kept is asked for again by its ETag: nothing
    is read while nothing happened.
    """
    tag = _tag()
    if tag in request.if_none_match:
        return _answered(Response(status=304), tag)
    user, asked = _user(), _wanted()
    if nos := request.args.get("no"):
        wanted_nos = [numbers.normalise(no) for no in nos.split(",")[:MOST_NUMBERS]]
        rows = mapped.moving_of(user, asked, wanted_nos)
        return as_json({"items": [_item(row) for row in rows], "next": None})
    page = mapped.moving_for(user, asked, after=request.args.get("after"))
    answer = as_json({"items": [_item(row) for row in page.items], "next": page.next})
    return _answered(answer, tag)


@bp.get("/<no>/row")
def row(no: str) -> str:
    """Show one consignment's row of the table, for pages that follow it."""
    found = mapped.moving_of(_user(), Wanted(), [numbers.normalise(no)])
    return render_template(
        "consignments/desk/_map_row.html",
        row=found[0] if found else None,
        no=no,
        where=of_now,
        due_of=due_of,
        is_late=is_late,
    )


def due_of(row: Any) -> datetime | None:
    """Return when delivery is expected, else planned."""
    return expected.due(row, clock.now())


def is_late(row: Any) -> bool:
    """Return whether what is under way is past its next promise, or expected to be."""
    if QUEUE_OF.get(row.status) == "pickup":
        return row.pickup_planned is not None and row.pickup_planned < clock.now()
    planned, now = row.delivery_planned, clock.now()
    return planned is not None and max(expected.due(row, now) or planned, now) > planned


def _item(row: Any) -> list[Any]:
    at: Whereabouts | None = of_now(row)
    lat, lon = (round(at.lat, 4), round(at.lon, 4)) if at else (None, None)
    is_sure = at is not None and at.is_sure
    return [row.no, row.status, lat, lon, int(is_sure), int(is_late(row)), at.name if at else ""]


def _wanted() -> Wanted:
    return wanted(board.members() if request.args.get("company") else [])


def _tag() -> str:
    """Return what changes with what was recorded, with the language, and every few minutes."""
    slot = int(clock.now().timestamp() // KEPT_FOR.total_seconds())
    said = f"{g.get('live_cursor', '')}|{slot}|{i18n.tag()}|{request.full_path}"
    return hashlib.sha256(said.encode()).hexdigest()[:24]


def _answered(answer: Response, tag: str) -> Response:
    answer.set_etag(tag)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Vary"] = "Cookie"
    return answer


def _user() -> User:
    return current_user._get_current_object()


def data_url() -> str:
    """Return the address from which the script of the map reads, with the filters kept."""
    return url_for("map.consignments", **kept())  # type: ignore[arg-type]


bp.add_app_template_global(data_url, "map_data_url")
