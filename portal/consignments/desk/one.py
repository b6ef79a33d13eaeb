"""One consignment as the staff see it: the member's page, and behind it the raw history."""

from collections.abc import Sequence
from typing import Any

from flask import Response, render_template, request, url_for
from flask_login import current_user

from portal.consignments.desk.blueprint import list_bp as bp
from portal.consignments.desk.chosen import one_time_key
from portal.consignments.desk.forms import PushForm, WithdrawForm
from portal.consignments.queries.many import company_names
from portal.consignments.queries.one import (
    attachment_for,
    attachments_of,
    consignment_for,
    events_of,
    incidents_of,
    pieces_of,
)
from portal.consignments.rules.incident_words import STATE_TEXT, kind_text
from portal.consignments.rules.moves import AMENDABLE, CANCELLABLE
from portal.consignments.rules.vocabulary import REASON_TEXT, RETRACTION, text
from portal.consignments.shown import facts as facts_of
from portal.consignments.shown import photos, placing, story, troubles
from portal.consignments.shown.promised import accuracy_for
from portal.consignments.shown.way import way_of
from portal.consignments.shown.words import delivery_of
from portal.core.i18n import lazy as _l

MOST_EVENTS = 2000  # more than any consignment has; a bound all the same
#: What the staff may do by a right over all companies that members have over their own.
_RIGHTS = {
    "consignments.amend": "consignments.amend_all",
    "consignments.cancel": "consignments.amend_all",
}
SOURCES = {
    "manual": _l("by hand"),
    "api": _l("by program"),
    "import": _l("from a file"),
    "scan": _l("scan"),
    "driver": _l("driver"),
    "geofence": _l("position"),
    "edi": "EDI",
    "carrier": _l("carrier"),
}
CLASSIFIERS = {"planned": _l("planned"), "estimated": _l("expected")}


@bp.get("/<no>")
def detail(no: str) -> str:
    """Show one consignment of any company."""
    return page(no)


@bp.get("/<no>/head")
def head(no: str) -> str:
    """Show its state, steps and notices, for pages that follow it."""
    return render_template("consignments/_head.html", **everything(no))


@bp.get("/<no>/timeline")
def timeline(no: str) -> str:
    """Show its line and pieces, for pages that follow it."""
    return render_template("consignments/_timeline.html", **everything(no))


@bp.get("/<no>/facts")
def facts(no: str) -> str:
    """Show its facts, for pages that follow it."""
    return render_template("consignments/_facts.html", **everything(no))


@bp.get("/<no>/history")
def history(no: str) -> str:
    """Show every record of it, for pages that follow it."""
    return render_template("consignments/desk/_history.html", **everything(no))


@bp.get("/<no>/photos/<ref>")
def photo(no: str, ref: str) -> Response:
    """Show a photo that belongs to one of its events."""
    return photos.shown(attachment_for(current_user, no, ref))


def page(no: str, form: PushForm | None = None, withdrawing: WithdrawForm | None = None) -> str:
    """Return the page, with a form that was filled in wrongly if there is one."""
    return render_template(
        "consignments/desk/detail.html",
        form=form or PushForm(),
        withdrawing=withdrawing,
        key=one_time_key(request.form.get("key")),
        **everything(no),
    )


def everything(no: str) -> dict[str, Any]:
    """Return all that the page and its parts show.

    The member's own templates are shown at the desk: with the desk's addresses and rights.
    """
    consignment = consignment_for(current_user, no)
    internal = current_user.may("events.see_internal")
    events = events_of(consignment, internal=internal, limit=MOST_EVENTS)
    pieces = pieces_of(consignment)
    attachments = attachments_of(consignment)
    steps, done = story.steps(consignment, events)
    incidents = incidents_of(consignment)
    return {
        "consignment": consignment,
        "company_name": company_names({consignment.company_id}).get(consignment.company_id, "—"),
        "delivery": delivery_of(consignment),
        "steps": steps,
        "done": done,
        "line": story.entries(consignment, events, _visible(attachments, events), pieces),
        "records": _records(events, pieces),
        "way": way_of(consignment, events),
        "pieces": pieces,
        "partly": "",
        "incidents": troubles.open_of(incidents, internal=internal),
        "all_incidents": incidents,
        "incident_states": STATE_TEXT,
        "kind_text": kind_text,
        "reason_text": _reason,
        "facts": facts_of.facts(consignment),
        "accuracy": accuracy_for(current_user, consignment),
        "remarks": facts_of.remarks(consignment),
        "unsure": placing.unsure(consignment),
        "service_name": facts_of.SERVICE_TEXT.get(consignment.service, consignment.service),
        "said": story.spoken(consignment),
        "may_amend": consignment.status in AMENDABLE and not consignment.history,
        "may_cancel": consignment.status in CANCELLABLE,
        "is_fragment": "X-Fragment" in request.headers,
        "url_for": at_the_desk,
        "may": may_at_the_desk,
    }


def at_the_desk(endpoint: str, **values: Any) -> str:
    """Return the desk's address of what the member's templates name."""
    return url_for(endpoint.replace("consignments.", "consignments_desk.", 1), **values)


def may_at_the_desk(right: str) -> bool:
    """Return whether the staff may here what the member's templates ask for."""
    return bool(current_user.may(_RIGHTS.get(right, right)))


def _visible(attachments: Sequence[Any], events: Sequence[Any]) -> list[Any]:
    shown = {event.id for event in events}
    return [each for each in attachments if each.tracking_event_id in shown]


def _records(events: Sequence[Any], pieces: Sequence[Any]) -> list[dict[str, Any]]:
    """Return every record as the table of the raw history shows it, the latest first."""
    withdrawn = {e.retracts_id for e in events if e.code == RETRACTION}
    seq_of = {e.id: e.seq for e in events}
    codes = {piece.id: piece.sscc for piece in pieces}
    return [
        {
            "event": event,
            "text": text(event.code),
            "classifier": CLASSIFIERS.get(event.classifier, ""),
            "source": SOURCES.get(event.source, event.source),
            "reason": _reason(event.reason),
            "piece": codes.get(event.piece_id),
            "withdraws": seq_of.get(event.retracts_id),
            "is_withdrawn": event.id in withdrawn,
            "may_withdraw": event.seq > 1
            and event.code != RETRACTION
            and event.id not in withdrawn,
        }
        for event in reversed(events)
    ]


def _reason(code: str | None) -> str:
    return str(REASON_TEXT.get(code, code)) if code else ""
