"""Papers as the portal hands them out: read, said in a language, drawn aside, sent."""

import hashlib
from collections.abc import Sequence
from typing import Any

from flask import Response, current_app, request

from portal.consignments.queries.one import attachments_of, events_of
from portal.consignments.rules.vocabulary import Status
from portal.core import files, i18n, look
from portal.core.aside import aside
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.documents import facts as told
from portal.documents.drawing import VERSION, Drawing
from portal.documents.facts import Facts
from portal.documents.papers.marks import Brand
from portal.documents.papers.proof import MOST_PHOTOS, Photo, Proof
from portal.documents.rules import Paper, file_name
from portal.documents.words import words

_ARRIVED = (Status.DELIVERED, Status.CLOSED)
PDF = "application/pdf"


def brand() -> Brand:
    """Return the centre as papers name it, in the language that is spoken."""
    centre = look.centre()
    return Brand(centre.name, centre.short, centre.phone, centre.email, centre.address)


def facts_of(row: Any, pieces: Sequence[Any]) -> Facts:
    """Return what papers say of a consignment, in the language that is spoken."""
    return told.facts(row, pieces, str(current_app.config["PUBLIC_URL"]))


def answer(paper: Paper, row: Any, pieces: Sequence[Any]) -> Response:
    """Return the paper of a consignment that the asker was found to be allowed to see.

    304 where he has it already. Raises Refused for a label of a consignment without pieces.
    """
    if paper is Paper.LABEL and not pieces:
        raise Refused(_l("This consignment has no pieces to label."))
    facts, proof = facts_of(row, pieces), _proof(paper, row)
    etag = _etag(paper, facts, proof)
    if etag in request.if_none_match:
        return _headed(Response(status=304), etag)
    content = aside(_drawn, paper, i18n.tag(), words(), brand(), [facts], proof)
    return _headed(sent(content, file_name(paper, row.no)), etag)


def many(paper: Paper, chosen: Sequence[tuple[Any, Sequence[Any]]]) -> Response:
    """Return the papers of many consignments in one file, made while the reader waits."""
    facts = [facts_of(row, pieces) for row, pieces in chosen]
    content = aside(_drawn, paper, i18n.tag(), words(), brand(), facts, None)
    return sent(content, f"{paper}-{len(facts)}.pdf")


def _drawn(
    paper: Paper,
    language: str,
    words: dict[str, str],
    centre: Brand,
    facts: Sequence[Facts],
    proof: Proof | None,
) -> bytes:
    drawing = Drawing(paper, language, words, centre)
    drawing.add(facts, proof)
    return drawing.finish()


def sent(content: bytes, name: str) -> Response:
    """Return a PDF to be shown at once, and kept under ``name``."""
    response = Response(content, mimetype=PDF)
    response.headers.set("Content-Disposition", "inline", filename=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _etag(paper: Paper, facts: Facts, proof: Proof | None) -> str:
    photos = [photo.sha256 for photo in proof.photos] if proof else []
    told_of = (proof.at, proof.place, proof.note) if proof else ()
    seen = repr((VERSION, str(paper), i18n.tag(), brand(), facts, told_of, photos))
    return hashlib.sha256(seen.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _headed(response: Response, etag: str) -> Response:
    response.set_etag(etag)
    response.headers["Cache-Control"] = "private, no-cache"  # kept, but asked for each time
    response.headers["Vary"] = "Cookie, Accept-Language"
    return response


def _proof(paper: Paper, row: Any) -> Proof | None:
    """Return what is known of the delivery; None for other papers and before it."""
    if paper is not Paper.DELIVERY_NOTE or row.status not in _ARRIVED:
        return None
    events = events_of(row, internal=False, limit=2000)
    withdrawn = {event.retracts_id for event in events}
    arrivals = [
        event
        for event in events
        if event.code == Status.DELIVERED
        and event.classifier == "actual"
        and event.id not in withdrawn
    ]
    if not arrivals:
        return None
    last = arrivals[-1]
    return Proof(
        at=told.moment(last.occurred_at),
        place=last.place or "",
        note=last.note or "",
        photos=_photos(row, last),
    )


def _photos(row: Any, event: Any) -> tuple[Photo, ...]:
    found = [
        attachment
        for attachment in attachments_of(row)
        if attachment.tracking_event_id == event.id and attachment.media_type == "image/jpeg"
    ]
    at = told.moment(event.occurred_at)
    return tuple(Photo(files.read(each.file_key), each.sha256, at) for each in found[:MOST_PHOTOS])
