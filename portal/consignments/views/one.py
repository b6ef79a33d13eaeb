"""The page of one consignment, and the parts of it that follow the stream."""

from collections import Counter
from typing import Any

from flask import Response, render_template, request
from flask_login import current_user

from portal.consignments.queries.one import (
    attachment_for,
    attachments_of,
    consignment_for,
    events_of,
    incidents_of,
    pieces_of,
)
from portal.consignments.rules.moves import AMENDABLE, CANCELLABLE
from portal.consignments.shown import facts as facts_of
from portal.consignments.shown import photos, placing, story, troubles
from portal.consignments.shown.promised import accuracy_for
from portal.consignments.shown.way import way_of
from portal.consignments.shown.words import delivery_of
from portal.consignments.views.blueprint import bp
from portal.core.i18n import gettext as _

MOST_EVENTS = 2000  # more than any consignment has; a bound all the same


@bp.get("/<no>")
def detail(no: str) -> str:
    """Show one consignment."""
    return render_template("consignments/detail.html", **_everything(no))


@bp.get("/<no>/head")
def head(no: str) -> str:
    """Show its state, steps and notices, for pages that follow it."""
    return render_template("consignments/_head.html", **_everything(no))


@bp.get("/<no>/timeline")
def timeline(no: str) -> str:
    """Show its line and pieces, for pages that follow it."""
    return render_template("consignments/_timeline.html", **_everything(no))


@bp.get("/<no>/facts")
def facts(no: str) -> str:
    """Show its facts, for pages that follow it."""
    return render_template("consignments/_facts.html", **_everything(no))


@bp.get("/<no>/photos/<ref>")
def photo(no: str, ref: str) -> Response:
    """Show a photo that belongs to one of its events."""
    return photos.shown(attachment_for(current_user, no, ref))


def _everything(no: str) -> dict[str, Any]:
    consignment = consignment_for(current_user, no)
    events = events_of(consignment, internal=False, limit=MOST_EVENTS)
    pieces = pieces_of(consignment)
    steps, done = story.steps(consignment, events)
    return {
        "consignment": consignment,
        "delivery": delivery_of(consignment),
        "steps": steps,
        "done": done,
        "line": story.entries(consignment, events, attachments_of(consignment), pieces),
        "way": way_of(consignment, events),
        "pieces": pieces,
        "partly": _partly(consignment, pieces),
        "incidents": _troubles(consignment),
        "facts": facts_of.facts(consignment),
        "accuracy": accuracy_for(current_user, consignment),
        "remarks": facts_of.remarks(consignment),
        "unsure": placing.unsure(consignment),
        "service_name": facts_of.SERVICE_TEXT.get(consignment.service, consignment.service),
        "said": story.spoken(consignment),
        "may_amend": consignment.status in AMENDABLE and not consignment.history,
        "may_cancel": consignment.status in CANCELLABLE,
        "is_fragment": "X-Fragment" in request.headers,
    }


def _troubles(consignment: Any) -> list[troubles.Trouble]:
    """Return the open incidents that the owner may know of; mostly there are none to read."""
    known = incidents_of(consignment) if consignment.owner_incidents else []
    return troubles.open_of(known, internal=False)


def _partly(consignment: Any, pieces: Any) -> str:
    """Say how many pieces are delivered where they go different ways."""
    states = Counter(piece.status or consignment.status for piece in pieces)
    if len(states) < 2 or not states["delivered"]:
        return ""
    return _(
        "Partly delivered: %(done)s of %(all)s pieces", done=states["delivered"], all=len(pieces)
    )
