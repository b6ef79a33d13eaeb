"""What happens to consignments, by program: one event, many events, withdrawals, photos."""

from collections import defaultdict
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import Connection

from portal.consignments.api import json
from portal.consignments.api.consignments import SOURCE, asker
from portal.consignments.api.shapes import NewEvent, Retraction
from portal.consignments.queries import one
from portal.consignments.service import retractions, tracking
from portal.consignments.service.tracking import Pushed
from portal.core import pagination
from portal.core.api import as_json, body, parsed
from portal.core.db import write
from portal.core.idempotency import idempotent

bp = Blueprint("events_api", __name__)


@bp.post("/consignments/<no>/events")
@idempotent
def push(no: str) -> Response:
    """Record one event; the same ``source_event_id`` again is answered as the first time."""
    user = asker()
    new = parsed(NewEvent).event(SOURCE)

    def work(on: Connection) -> Pushed:
        return tracking.push(one.head_for(user, no, on=on), new, by=user.person_id, on=on)

    return _answer(write(work))


def _answer(pushed: Pushed) -> Response:
    return as_json(pushed.__dict__, 200 if pushed.duplicate else 201)


@bp.get("/consignments/<no>/events")
def index(no: str) -> Response:
    """List the events of a consignment in the order in which they were recorded."""
    user = asker()
    row = one.consignment_for(user, no)
    cursor = pagination.decode(request.args.get("after"), 1)
    after = cursor[0] if cursor and isinstance(cursor[0], int) else 0
    size = pagination.limit(request.args.get("limit"))
    internal = user.may("events.see_internal")
    rows = one.events_of(row, internal=internal, after=after, limit=size + 1)
    page = pagination.cut(rows, size, lambda event: (event.seq,))
    attached = _attached(row)
    items = [json.event(e, attached[e.id], internal=internal) for e in page.items]
    return as_json({"items": items, "next": page.next})


def _attached(row: Any) -> dict[int, list[Any]]:
    by_event: dict[int, list[Any]] = defaultdict(list)
    for attachment in one.attachments_of(row):
        by_event[attachment.tracking_event_id].append(attachment)
    return by_event


@bp.post("/consignments/<no>/events/<int:event_id>/retract")
@idempotent
def retract(no: str, event_id: int) -> Response:
    """Withdraw a wrong event by a new one that names it."""
    user = asker()
    reason = parsed(Retraction, body() or {}).reason or None

    def work(on: Connection) -> Pushed:
        head = one.head_for(user, no, on=on)
        return retractions.retract(
            head, event_id, reason=reason, by=user.person_id, source=SOURCE, on=on
        )

    return _answer(write(work))
