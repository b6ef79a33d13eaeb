"""Incidents for programs: a company's own, or for the staff everybody's."""

from flask import Blueprint, Response, request
from flask_login import current_user

from portal.accounts.access import User
from portal.accounts.rules import plain
from portal.consignments.api import json
from portal.consignments.queries.incidents import Wanted, incidents_for
from portal.consignments.rules import numbers
from portal.core import limits, pagination
from portal.core.api import as_json

bp = Blueprint("incidents_api", __name__)


@bp.get("")
def index() -> Response:
    """List incidents, the soonest due first; settled ones the latest closed first."""
    user: User = current_user._get_current_object()
    limits.spend("api", user.person_id)
    wanted = Wanted(
        state=plain(request.args.get("state", "")),
        kind=plain(request.args.get("kind", "")),
        consignment=numbers.normalise(plain(request.args.get("no", ""))),
    )
    limit = pagination.limit(request.args.get("limit"))
    page = incidents_for(user, wanted, after=request.args.get("after"), limit=limit)
    return as_json({"items": [json.listed_incident(row) for row in page.items], "next": page.next})
