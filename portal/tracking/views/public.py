"""Tracking by number, for everybody: milestone and city; with a proof the way in full."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.consignments.queries.one import missing
from portal.consignments.rules import numbers
from portal.consignments.shown.way import city_alone
from portal.core import kept, limits
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.tracking import proofs, queries, rules
from portal.tracking.views.answers import page, refuse_foreign, way

bp = Blueprint("tracking", __name__)
bp.before_request(refuse_foreign)
LONGEST = 60  # characters of a wrong number that are shown again


@bp.record_once
def _forms_need_no_session(state: Any) -> None:
    """Take this part's forms out of the session's token: their origin is checked instead."""
    state.app.extensions["csrf"].exempt(bp)


@bp.record_once
def _keep_answers(state: Any) -> None:
    kept.keep(state.app, "/track/", kept.Way("/track/<no>", queries.shown, "lookup"))


@bp.get("/track")
def lookup() -> Answer:
    """Look up one number, or up to MOST_NUMBERS at once."""
    asked = request.args.get("no", "")
    nos = rules.numbers_in(asked)
    if len(nos) == 1 and len(nos[0]) <= LONGEST and nos[0].isalnum():
        return redirect(url_for(".one", no=nos[0]))
    if len(nos) == 1:
        return page("tracking/missing.html", 404, asked=asked[:LONGEST])
    if not nos or len(nos) > rules.MOST_NUMBERS:
        return _form(asked, len(nos))
    limits.spend("lookup", cost=len(nos))
    found = queries.by_numbers(nos)
    rows = [(no[:LONGEST], found.get(no)) for no in nos]
    return page("tracking/many.html", rows=rows, asked=asked, city_of=queries.city_of)


def _form(asked: str, count: int) -> Response:
    error = None
    if count:
        error = _(
            "These are %(count)s numbers; we look up %(most)s at once. "
            "Take some out and look those up afterwards.",
            count=count,
            most=rules.MOST_NUMBERS,
        )
    return page("tracking/lookup.html", 422 if error else 200, asked=asked, error=error)


@bp.get("/track/<no>")
def one(no: str) -> Answer:
    """Show one consignment: what the number alone opens, or all of it with a proof."""
    number = numbers.normalise(no)
    if number != no and numbers.is_number(number):
        return redirect(url_for(".one", no=number))
    token = proofs.held(number)
    if token is None:
        limits.spend("lookup")
    try:
        consignment = queries.by_number(number)
    except NotFound:
        return page("tracking/missing.html", 404, asked=no[:LONGEST])
    if token is None:
        return _by_number_alone(consignment)
    return page("tracking/proven.html", is_secret=True, token=token, **_way(consignment))


def _by_number_alone(consignment: Any, status: int = 200, error: Any = None) -> Response:
    city = queries.city_of(consignment)
    return page(
        "tracking/one.html",
        status,
        consignment=consignment,
        city=city,
        error=error,
        marks=rules.marks(consignment, queries.happened(consignment)),
        stops=city_alone(consignment, city),
    )


def _way(consignment: Any) -> dict[str, Any]:
    return way(consignment, shows_everything=True) | {
        "proof_said": _("Proof given"),
        "closing": "tracking/_leave.html",
        "fragment": url_for(".timeline", no=consignment.no),
    }


@bp.post("/track/<no>")
def prove(no: str) -> Answer:
    """Take the end of the consignee's phone, or his postcode, as the proof for this number."""
    limits.spend("lookup")
    try:
        consignment = queries.by_number(no)
    except NotFound:
        return page("tracking/missing.html", 404, asked=no[:LONGEST])
    if not proofs.check(consignment, request.form.get("tail", "")):
        return _by_number_alone(
            consignment,
            422,
            _(
                "That is not the end of the consignee’s phone number, nor the postcode. "
                "Please check it."
            ),
        )
    return proofs.give(_to(consignment.no), consignment.no)


@bp.post("/track/<no>/leave")
def leave(no: str) -> Answer:
    """Forget the proof for this number now."""
    number = numbers.normalise(no)
    if not numbers.is_number(number):
        return page("tracking/missing.html", 404, asked=no[:LONGEST])
    return proofs.take(_to(number), number)


def _to(no: str) -> Response:
    return make_response(redirect(url_for(".one", no=no), 303))


@bp.get("/track/<no>/timeline")
def timeline(no: str) -> Response:
    """Return the part of the proven page that changes."""
    if proofs.held(no) is None:
        raise missing()
    way = _way(queries.by_number(no))
    return page("tracking/_way.html", is_secret=True, is_live=True, **way)
