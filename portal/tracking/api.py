"""Tracking by program: by number, proof or link; and the links of one's own consignments."""

from typing import Any, Literal

from flask import Blueprint, Response, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask_login import current_user
from pydantic import Field

from portal.consignments.api.json import promise
from portal.consignments.queries.one import consignment_for
from portal.consignments.rules import expected, fields
from portal.consignments.rules.vocabulary import big_step, text
from portal.core import clock, kept, limits
from portal.core.api import Shape, as_json, parsed
from portal.core.db import transaction
from portal.core.i18n import masked_phone
from portal.core.idempotency import idempotent
from portal.core.links import abroad
from portal.tracking import proofs, queries, rules, service

bp = Blueprint("tracking_api", __name__)
links_bp = Blueprint("links_api", __name__)


@bp.record_once
def _keep_answers(state: BlueprintSetupState) -> None:
    prefix = f"{state.url_prefix or ''}/track/"
    kept.keep(state.app, prefix, kept.Way(f"{prefix}<no>", queries.shown, "lookup"))


@bp.get("/track/<no>")
def track(no: str) -> Response:
    """Return milestone, city and dates; with a proof (``tail``) or a link (``token``) the way.

    A wrong proof is answered as none.
    """
    limits.spend("lookup")
    consignment = queries.by_number(no)
    answer = _by_number_alone(consignment)
    grant = _grant(consignment)
    if grant is not None:
        answer |= _way(consignment, shows_everything=grant.shows_everything)
    reply = as_json(answer)
    reply.headers.update({"Cache-Control": "no-store", "X-Robots-Tag": "noindex"})
    return reply


def _grant(consignment: Any) -> queries.Grant | None:
    if token := request.args.get("token"):
        return queries.grant_for(token, consignment.no)
    tail = request.args.get("tail")
    if tail and proofs.check(consignment, tail):
        return queries.Grant(consignment.no, shows_everything=True)
    return None


def _by_number_alone(consignment: Any) -> dict[str, Any]:
    return {
        "no": consignment.no,
        "status": consignment.status,
        "text": text(consignment.status),
        "big_step": str(big_step(consignment.status)),
        "city": queries.city_of(consignment),
        "promise": promise(consignment, clock.now()),
        "updated_at": consignment.last_at,
    }


def _way(consignment: Any, *, shows_everything: bool) -> dict[str, Any]:
    happened = queries.happened(consignment)
    entries = rules.entries(consignment, happened, shows_everything=shows_everything)
    way: dict[str, Any] = {
        "events": [_event(entry, shows_everything) for entry in reversed(entries)],
        "eta": expected.due(consignment, clock.now()),
    }
    if shows_everything:
        way["pieces"] = consignment.piece_count
        way["consignee"] = {
            "name": rules.masked_name(consignment.consignee_name),
            "phone": masked_phone(consignment.consignee_phone),
            "city": consignment.consignee_city,
            "country": consignment.consignee_country,
        }
    return way


def _event(entry: rules.Entry, shows_everything: bool) -> dict[str, Any]:
    event = {
        "seq": entry.seq,
        "code": entry.code,
        "text": text(entry.code),
        "classifier": entry.classifier,
        "occurred_at": entry.occurred_at,
        "recorded_at": entry.recorded_at,
        "place": {"text": entry.place} if entry.place else None,
    }
    if shows_everything:
        event |= {"id": entry.id, "reason": entry.reason, "note": entry.note}
    return event


class NewLink(Shape):
    """A share link as it is asked for."""

    label: fields.Name | None = None
    precision: Literal["full", "city"] = "city"
    days: int = Field(
        default=service.USUAL_DAYS, strict=True, ge=service.SHORTEST_DAYS, le=service.LONGEST_DAYS
    )


@links_bp.post("/consignments/<no>/links")
@idempotent
def share(no: str) -> Response:
    """Make a share link; its address is answered this once."""
    user = current_user._get_current_object()
    limits.spend("api", user.person_id)
    asked = parsed(NewLink)
    consignment = consignment_for(user, no)
    with transaction():
        ref, token = service.share(
            consignment, label=asked.label, precision=asked.precision, days=asked.days, by=user
        )
    link = queries.link_for(user, ref)
    url = abroad(url_for("tracking.shared", token=token))
    return as_json({**_link(link), "token": token, "url": url}, 201)


@links_bp.get("/consignments/<no>/links")
def index(no: str) -> Response:
    """Return the share links of a consignment, the newest first, without their tokens."""
    user = current_user._get_current_object()
    limits.spend("api", user.person_id)
    return as_json({"items": [_link(link) for link in queries.links_for(user, no)], "next": None})


@links_bp.delete("/links/<ref>")
def revoke(ref: str) -> Response:
    """End a share link now."""
    user = current_user._get_current_object()
    limits.spend("api", user.person_id)
    with transaction():
        link = queries.link_for(user, ref)
        service.revoke(link, by=user)
    return Response(status=204)


def _link(link: Any) -> dict[str, Any]:
    return {
        "id": link.ref,
        "label": link.label,
        "precision": link.precision,
        "created_at": link.created_at,
        "expires_at": link.expires_at,
        "revoked_at": link.revoked_at,
        "opened_count": link.opened_count,
        "opened_at": link.opened_at,
    }
