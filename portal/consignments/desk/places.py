"""Places that are not sure: the queue of them, and putting one right for its shipper."""

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from portal.consignments.desk.acts import Answer
from portal.consignments.desk.blueprint import list_bp, places_bp
from portal.consignments.forms.problems import problems
from portal.consignments.queries.one import consignment_for
from portal.consignments.queries.unsure import unsure_places
from portal.consignments.rules.moves import SETTLED
from portal.consignments.service import locating
from portal.consignments.service.locating import Side
from portal.consignments.shown import placing
from portal.core import pagination
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.i18n import gettext as _
from portal.places import gazetteer, rules


@places_bp.get("")
def index() -> str:
    """List consignments under way with an unsure place, the newest first."""
    page = unsure_places(
        after=request.args.get("after"), limit=pagination.limit(request.args.get("limit"))
    )
    return render_template(
        "consignments/desk/places.html",
        page=page,
        sides=placing.SIDE_NAMES,
        is_low=rules.is_low,
        has_gazetteer=gazetteer.is_there(),
    )


@list_bp.route("/<no>/places/<any(consignor, consignee):side>", methods=["GET", "POST"])
def locate(no: str, side: Side) -> Answer:
    """Choose among the places found, or give co-ordinates, for the shipper."""
    consignment = consignment_for(current_user, no)
    if consignment.status in SETTLED:
        raise Refused(_("This consignment is settled; its places stay as they are."))
    address = placing.of_side(consignment, side)
    form = placing.form_of(address)
    if request.method == "POST" and form.validate_for(address.near):
        assert form.position is not None  # noqa: S101 - what validate_for promises
        with transaction():
            fresh = consignment_for(current_user, no, lock=True)
            by, on = current_user.person_id, db.session.connection()
            locating.correct(fresh, side, form.position, by=by, on=on)
        flash(_("The place is kept."), "good")
        to_queue = request.args.get("from") == "queue"
        return redirect(url_for("places_desk.index") if to_queue else url_for(".detail", no=no))
    page = render_template(
        "consignments/desk/locate.html",
        consignment=consignment,
        side=placing.SIDE_NAMES[side],
        address=address,
        form=form,
        problems=problems(form),
    )
    return (page, 422) if request.method == "POST" else page
