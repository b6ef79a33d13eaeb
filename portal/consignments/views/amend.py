"""Changing a consignment: amending, cancelling, placing a draft."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.consignments.forms.editing import edited
from portal.consignments.forms.order import AmendForm, OrderForm
from portal.consignments.forms.problems import problems
from portal.consignments.queries.addresses import book_for
from portal.consignments.queries.one import consignment_for, head_for, pieces_of
from portal.consignments.rules.moves import AMENDABLE, CANCELLABLE
from portal.consignments.rules.vocabulary import VOCABULARY, Status
from portal.consignments.service import addresses, amending, drafts, tracking
from portal.consignments.service.tracking import NewEvent
from portal.consignments.shown import filling
from portal.consignments.shown.asked import clean
from portal.consignments.views import create
from portal.consignments.views.blueprint import bp
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.i18n import gettext as _

_SIDES = ("consignor", "consignee")


@bp.route("/<no>/amend", methods=["GET", "POST"])
def amend(no: str) -> create.Answer:
    """Change what may still be changed; a draft altogether."""
    consignment = consignment_for(current_user, no)
    if consignment.status not in AMENDABLE or consignment.history:
        word = VOCABULARY[Status(consignment.status)].text
        raise Refused(
            _("This consignment is “%(status)s” and can no longer be changed.", status=word)
        )
    if consignment.status == Status.DRAFT:
        return _amend_draft(consignment)
    return _amend_order(consignment)


def _amend_order(consignment: Any) -> create.Answer:
    known = filling.terms(consignment)
    if request.method == "GET":
        return _page(AmendForm(data=known), consignment)
    edit = edited(request.form, request.form.get("do", ""), create.entry)
    if edit is not None:
        return _page(AmendForm(edit[0]), consignment, focus=edit[1])
    form = AmendForm(request.form, data=known)
    if not form.validate():
        return _page(form, consignment), 422
    with transaction():
        fresh = consignment_for(current_user, consignment.no, lock=True)
        changes = filling.changes_of(fresh, form)
        amending.amend(fresh, changes, by=current_user.person_id, on=db.session.connection())
    flash(_("%(no)s is amended.", no=consignment.no))
    return redirect(url_for("consignments.detail", no=consignment.no))


def _page(form: AmendForm, consignment: Any, focus: str = "") -> str:
    return render_template(
        "consignments/amend.html",
        form=form,
        consignment=consignment,
        book=book_for(current_user),
        problems=problems(form, _SIDES),
        focus=focus,
    )


def _amend_draft(consignment: Any) -> create.Answer:
    if request.method == "GET":
        known = filling.from_consignment(consignment, pieces_of(consignment))
        return create.page(OrderForm(data=known), consignment=consignment)
    edit = edited(request.form, request.form.get("do", ""), create.entry)
    if edit is not None:
        return create.page(OrderForm(edit[0]), focus=edit[1], consignment=consignment)
    form, draft = OrderForm(request.form), request.form.get("do") == "draft"
    if not form.validate_as(draft=draft) or create.is_taken(form, but=consignment.no):
        return create.page(form, consignment=consignment), 422
    if request.form.get("do") not in ("order", "draft"):
        return create.page(form, consignment=consignment)
    _rewrite(consignment.no, form, places=not draft)
    flash(
        _("%(no)s is kept as a draft. Place it when it is complete.", no=consignment.no)
        if draft
        else _("%(no)s is ordered.", no=consignment.no)
    )
    return redirect(url_for("consignments.detail", no=consignment.no))


def _rewrite(no: str, form: OrderForm, *, places: bool) -> None:
    with transaction():
        on = db.session.connection()
        drafts.change(
            consignment_for(current_user, no, lock=True),
            form.order(Status.DRAFT),
            create.origin(),
            on=on,
        )
        for party in create.to_keep(form):
            addresses.add(current_user.company_id, party, by=current_user.person_id, on=on)
        if places:
            drafts.place(
                consignment_for(current_user, no, lock=True), by=current_user.person_id, on=on
            )


@bp.route("/<no>/cancel", methods=["GET", "POST"])
def cancel(no: str) -> str | Response:
    """Ask whether to cancel, and do it."""
    if request.method == "POST":
        _cancel(no, clean(request.form.get("note", "")))
        flash(_("%(no)s is cancelled.", no=no))
        return redirect(url_for("consignments.detail", no=no))
    consignment = consignment_for(current_user, no)
    if consignment.status not in CANCELLABLE:
        word = VOCABULARY[Status(consignment.status)].text
        raise Refused(
            _("This consignment is “%(status)s” and can no longer be cancelled.", status=word)
        )
    return render_template("consignments/cancel.html", consignment=consignment)


def _cancel(no: str, note: str) -> None:
    event = NewEvent(
        code=Status.CANCELLED,
        occurred_at=clock.now(),
        reason="shipper_asked",
        note=note or None,
    )
    with transaction():
        on = db.session.connection()
        head = head_for(current_user, no, on=on)
        tracking.push(head, event, by=current_user.person_id, on=on)


@bp.post("/<no>/place")
def place(no: str) -> Response:
    """Place a draft as an order."""
    with transaction():
        consignment = consignment_for(current_user, no, lock=True)
        drafts.place(consignment, by=current_user.person_id, on=db.session.connection())
    flash(_("%(no)s is ordered.", no=no))
    return redirect(url_for("consignments.detail", no=no))
