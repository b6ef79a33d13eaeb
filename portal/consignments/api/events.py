"""What happens to consignments, by program: one event, many events, withdrawals, photos."""

from collections import defaultdict
from datetime import datetime
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, request, send_file
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection

from portal.consignments.api import json
from portal.consignments.api.consignments import SOURCE, asker
from portal.consignments.api.shapes import Batch, BatchEvent, EventShape, Retraction
from portal.consignments.queries import one
from portal.consignments.queries.heads import heads_for
from portal.consignments.service import attachments, batch, retractions, tracking
from portal.consignments.service.batch import Outcome
from portal.consignments.service.tracking import NewEvent, Pushed
from portal.core import clock, files, limits, pagination
from portal.core.api import as_json, body, parsed
from portal.core.db import write
from portal.core.errors import FieldError, Invalid, PortalError
from portal.core.i18n import lazy as _l
from portal.core.idempotency import idempotent

bp = Blueprint("events_api", __name__)
_ALL = TypeAdapter(list[BatchEvent])


@bp.post("/consignments/<no>/events")
@idempotent
def push(no: str) -> Response:
    """Record one event; the same ``source_event_id`` again is answered as the first time."""
    user = asker()
    new = parsed(EventShape).event(SOURCE)

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
    after = pagination.decode_number(request.args.get("after")) or 0
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


@bp.post("/consignments/<no>/events/<int(max=9223372036854775807):event_id>/retract")
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


@bp.post("/events")
@idempotent
def push_many() -> Response:
    """Record up to a thousand events of many consignments; each row answers for itself."""
    user = asker()
    rows = parsed(Batch).events
    checked = _all_checked(rows)
    good = [row for row in checked if isinstance(row, tuple)]

    def work(on: Connection) -> list[Outcome]:
        return batch.push_many(
            lambda nos: heads_for(user, nos, on=on), good, by=user.person_id, on=on
        )

    outcomes = iter(write(work) if good else [])
    answers = [next(outcomes) if isinstance(row, tuple) else row for row in checked]
    return as_json({"results": [_result(i, each) for i, each in enumerate(answers)]}, 207)


def _all_checked(rows: list[Any]) -> list[tuple[str, NewEvent] | Invalid]:
    """Return each row checked; one that is not right is said so of, and the others are taken."""
    now = clock.now()
    try:
        return [(event.no, event.event(SOURCE, now)) for event in _ALL.validate_python(rows)]
    except ValidationError:
        return [_checked(row, now) for row in rows]


def _checked(row: Any, now: datetime) -> tuple[str, NewEvent] | Invalid:
    try:
        event = parsed(BatchEvent, row)
    except Invalid as error:
        return error
    return event.no, event.event(SOURCE, now)


def _result(index: int, answer: Outcome | Invalid) -> dict[str, Any]:
    if isinstance(answer, Invalid):
        return {"index": index, "status": answer.status, **_problem(answer)}
    if answer.pushed is None:
        return {"index": index, "no": answer.no, "status": answer.status, **_problem(answer.error)}
    said = answer.pushed.__dict__
    return {
        "index": index,
        "no": answer.no,
        **said,
        "status": answer.status,
        "state": said["status"],
    }


def _problem(error: PortalError | None) -> dict[str, Any]:
    errors = [{"field": e.field, "message": str(e.message)} for e in error.errors] if error else []
    return {"error": str(error), "errors": errors}


@bp.post("/consignments/<no>/events/<int(max=9223372036854775807):event_id>/attachments")
@idempotent
def attach(no: str, event_id: int) -> Response:
    """Keep a photo with an event: multipart, field ``file``."""
    user = asker()
    limits.spend("upload", user.person_id)
    one.consignment_for(user, no)  # a stranger's photo is not even looked at
    sent = request.files.get("file")
    if sent is None:
        sentence = _l("Send the photo as the part “file” of a form.")
        raise Invalid(sentence, [FieldError("file", sentence)])
    stored = files.keep_picture(sent.stream.read(files.MAX_PICTURE_BYTES + 1))

    def work(on: Connection) -> Any:
        head = one.head_for(user, no, on=on)
        return attachments.attach(head, event_id, stored, by=user.person_id, on=on)

    return as_json(json.attachment(write(work)), 201)


@bp.get("/consignments/<no>/attachments/<ref>")
def attachment(no: str, ref: str) -> Response:
    """Return the photo itself."""
    kept = one.attachment_for(asker(), no, ref)
    reply = send_file(
        BytesIO(files.read(kept.file_key)),
        mimetype=kept.media_type,
        download_name=f"{ref}.jpg",
        etag=kept.sha256,
    )
    reply.headers["Cache-Control"] = "private, max-age=86400"
    return reply
