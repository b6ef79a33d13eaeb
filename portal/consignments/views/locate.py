"""Where a consignor or a consignee is: put right by the company itself."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.consignments.forms.place import PlaceForm
from portal.consignments.forms.problems import problems
from portal.consignments.queries.one import consignment_for
from portal.consignments.rules.moves import SETTLED
from portal.consignments.service import addresses, locating
from portal.consignments.service.locating import Side
from portal.consignments.shown import placing
from portal.consignments.views.blueprint import bp
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.i18n import gettext as _

Answer = str | Response | tuple[str, int]


@bp.route("/<no>/places/<any(consignor, consignee):side>", methods=["GET", "POST"])
def locate(no: str, side: Side) -> Answer:
    """Choose among the places found, or give co-ordinates."""
    consignment = consignment_for(current_user, no)
    if consignment.status in SETTLED:
        raise Refused(_("This consignment is settled; its places stay as they are."))
    address = placing.of_side(consignment, side)
    form = placing.form_of(address)
    if request.method == "POST" and form.validate_for(address.near):
        _correct(no, side, form)
        flash(_("The place is kept."))
        return redirect(url_for(".detail", no=consignment.no))
    page = render_template(
        "consignments/locate.html",
        consignment=consignment,
        side=placing.SIDE_NAMES[side],
        address=address,
        form=form,
        problems=problems(form),
    )
    return (page, 422) if request.method == "POST" else page


def _correct(no: str, side: Side, form: PlaceForm) -> None:
    assert form.position is not None  # noqa: S101 - what validate_for promises
    with transaction():
        on, by = db.session.connection(), current_user.person_id
        fresh = consignment_for(current_user, no, lock=True)
        locating.correct(fresh, side, form.position, by=by, on=on)
        if form.book.data and current_user.may("addresses.edit"):
            party: Any = locating.party_of(fresh, side)
            addresses.put(fresh.company_id, party, form.position, by=by, on=on)
