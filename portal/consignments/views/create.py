"""A new consignment: the form, its live summary, and placing the order once."""

import secrets
from collections.abc import Callable
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal.accounts.models import Company
from portal.consignments.forms import kinds
from portal.consignments.forms.editing import edited
from portal.consignments.forms.order import OrderForm
from portal.consignments.forms.party import data_of
from portal.consignments.forms.problems import problems
from portal.consignments.queries import addresses as book
from portal.consignments.queries.one import by_order_ref, consignment_for, pieces_of
from portal.consignments.rules.vocabulary import Status
from portal.consignments.service import addresses, once
from portal.consignments.service.orders import Origin, Party
from portal.consignments.shown import filling
from portal.consignments.views.blueprint import bp
from portal.consignments.views.summary import offers, summary
from portal.core.db import db, write
from portal.core.i18n import gettext as _
from portal.core.i18n import instant

#: Fields in the order of the page.
ORDER = ("order_ref", "consignor", "consignee", "pieces", "service", "declared", "cod")
Answer = str | Response | tuple[str, int]


@bp.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Enter a new consignment, as an order or as a draft."""
    if request.method == "GET":
        return page(OrderForm(data=_start()))
    edit = edited(request.form, request.form.get("do", ""), entry)
    if edit is not None:
        return page(OrderForm(edit[0]), focus=edit[1])
    form, draft = OrderForm(request.form), request.form.get("do") == "draft"
    key = once.key_of(form.once.data or "", _content(request.form))
    if (known := once.made(origin(), key, on=db.session.connection())) is not None:
        return _told(known, "", is_new=False)
    if not form.validate_as(draft=draft) or is_taken(form):
        return page(form), 422
    if request.form.get("do") not in ("order", "draft"):
        return page(form)
    return _placed(form, Status.DRAFT if draft else Status.ORDERED, key)


@bp.post("/summary")
def summarise() -> str:
    """Show what the order comes to so far, for the script of the form."""
    form = OrderForm(request.form)
    return render_template("consignments/_summary.html", summary=summary(form), offers=offers(form))


def page(form: OrderForm, *, focus: str = "", **more: Any) -> str:
    """Return the page of the form with everything that was typed."""
    return render_template(
        "consignments/new.html",
        form=form,
        book=book.book_for(current_user),
        problems=problems(form, ORDER),
        summary=summary(form),
        offers=offers(form),
        focus=focus,
        **more,
    )


def entry(ref: str) -> Any:
    """Return the entry of the address book, or None if there is none of that reference."""
    return next((each for each in book.book_for(current_user) if each.ref == ref), None)


def is_taken(form: OrderForm, but: str | None = None) -> bool:
    """Say at the field if the order reference was used before, by another than ``but``."""
    ref = kinds.text_of(form.order_ref)
    known = ref and by_order_ref(current_user.company_id, ref, on=db.session.connection())
    if not known or known == but:
        return False
    sentence = _("You have used this reference before, for %(no)s.", no=known)
    form.order_ref.errors = [*form.order_ref.errors, sentence]
    return True


def origin() -> Origin:
    """Return who creates here, and for whom."""
    prefix = current_app.config["GS1_COMPANY_PREFIX"]
    return Origin(current_user.company_id, current_user.person_id, "manual", prefix)


def to_keep(form: OrderForm) -> list[Party]:
    """Return the parties that go into the address book, as was ticked."""
    if not current_user.may("addresses.edit"):
        return []
    sides = (form.consignor.form, form.consignee.form)
    return [party for side in sides if side.keep.data and _is_complete(party := side.party())]


def _is_complete(party: Party) -> bool:
    return all((party.name, party.phone, party.address, party.city, party.country))


def _start() -> dict[str, Any]:
    """Return what the form begins with: a copy, or the company's usual consignor."""
    key = {"once": secrets.token_urlsafe(16)}
    if "copy" in request.args:
        consignment = consignment_for(current_user, request.args["copy"])
        return (
            filling.from_consignment(consignment, pieces_of(consignment)) | key | {"order_ref": ""}
        )
    start = filling.from_company(db.session.get(Company, current_user.company_id)) | key
    if to := entry(request.args.get("to", "")):
        start["consignee"] = data_of(to)
    return filling.from_estimate(request.args, start) if "estimate" in request.args else start


def _placed(form: OrderForm, begins: str, key: str) -> Answer:
    order, from_whom, kept = form.order(begins), origin(), to_keep(form)

    def work(on: Connection) -> tuple[str, bool]:
        made = once.create_once(order, from_whom, key, on=on)
        for party in kept:
            addresses.add(from_whom.company_id, party, by=from_whom.person_id, on=on)
        return made

    try:
        no, is_new = _twice(work)
    except IntegrityError:
        is_taken(form)
        return page(form), 422
    return _told(no, begins, is_new=is_new)


def _twice(work: Callable[[Connection], tuple[str, bool]]) -> tuple[str, bool]:
    """Write; where the same form came in at the same moment, find what the other one made."""
    try:
        return write(work)
    except IntegrityError:
        return write(work)


def _content(sent: MultiDict[str, str]) -> bytes:
    """Return what was typed as bytes; the token of the page is not what was typed."""
    typed = sorted((k, v) for k, v in sent.items(multi=True) if k != "csrf_token")
    return repr(typed).encode("utf-8", "surrogatepass")


def _told(no: str, begins: str, *, is_new: bool) -> Response:
    """Say what became of it, on its own page."""
    if not is_new:
        flash(_("This was sent twice; there is one consignment: %(no)s.", no=no))
    elif begins == Status.DRAFT:
        flash(_("%(no)s is kept as a draft. Place it when it is complete.", no=no))
    else:
        promised = consignment_for(current_user, no)
        flash(
            _(
                "%(no)s is ordered. Pick-up until %(pickup)s, delivery until %(delivery)s.",
                no=no,
                pickup=instant(promised.pickup_planned),
                delivery=instant(promised.delivery_planned),
            )
        )
    return redirect(url_for("consignments.detail", no=no))
