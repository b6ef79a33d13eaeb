"""Amending a consignment for its shipper."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from portal.consignments.desk.acts import Answer
from portal.consignments.desk.blueprint import list_bp as bp
from portal.consignments.desk.one import at_the_desk
from portal.consignments.forms.order import AmendForm
from portal.consignments.forms.problems import problems
from portal.consignments.queries.one import consignment_for
from portal.consignments.rules.moves import AMENDABLE
from portal.consignments.rules.vocabulary import text
from portal.consignments.service import amending
from portal.consignments.shown import filling
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.i18n import gettext as _

_SIDES = ("consignor", "consignee")


@bp.route("/<no>/amend", methods=["GET", "POST"])
def amend(no: str) -> Answer:
    """Change parties, window and note while that is still possible."""
    consignment = consignment_for(current_user, no)
    if consignment.status not in AMENDABLE or consignment.history:
        status = text(consignment.status)
        raise Refused(
            _("This consignment is “%(status)s” and can no longer be changed.", status=status)
        )
    known = filling.terms(consignment)
    if request.method == "GET":
        return _page(AmendForm(data=known), consignment)
    form = AmendForm(request.form, data=known)
    if not form.validate():
        return _page(form, consignment), 422
    with transaction():
        fresh = consignment_for(current_user, no, lock=True)
        changes = filling.changes_of(fresh, form)
        amending.amend(fresh, changes, by=current_user.person_id, on=db.session.connection())
    flash(_("%(no)s is amended.", no=consignment.no), "good")
    return redirect(url_for(".detail", no=no))


def _page(form: AmendForm, consignment: Any) -> str:
    return render_template(
        "consignments/desk/amend.html",
        form=form,
        consignment=consignment,
        book=[],
        problems=problems(form, _SIDES),
        url_for=at_the_desk,
    )
