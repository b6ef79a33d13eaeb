"""Sets at the desk: orders of every owner, doing them, what sets are made of."""

from decimal import Decimal
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import Connection
from werkzeug.wrappers import Response
from wtforms import Form

from portal.accounts.access import User
from portal.accounts.forms import Answer, filled
from portal.core.db import AnyRow, write
from portal.core.errors import PortalError, Refused
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy as _l
from portal.core.quantities import written as as_text
from portal.warehousing.goods.queries import sku_for
from portal.warehousing.goods.queries.owners import owner_by_ref
from portal.warehousing.kits import sending
from portal.warehousing.kits.forms import DoForm, label_fields
from portal.warehousing.kits.labels import labels_of, needing
from portal.warehousing.kits.queries import orders, recipes
from portal.warehousing.kits.rules import MOST_PARTS
from portal.warehousing.kits.service import doing, ordering
from portal.warehousing.kits.service.doing import Doing
from portal.warehousing.kits.shown import around, tabs, words_of
from portal.warehousing.kits.views.member import order_form, placed, recipe_form, written
from portal.warehousing.ledger.service.commands import Command, once
from portal.warehousing.sites.queries import location_by_barcode

bp = Blueprint("kits_desk", __name__)


def _user() -> User:
    user: User = current_user._get_current_object()
    return user


@bp.get("")
def index() -> str:
    """List the orders of sets of every owner, the newest first."""
    group = request.args.get("status", "open")
    page = orders.orders_for(_user(), group=group, after=request.args.get("after"))
    return render_template(
        "warehousing/kits/desk/index.html", page=page, group=group, tabs=tabs(group), **words_of()
    )


@bp.get("/<ref>")
def order(ref: str) -> str:
    """Show one order, with the form to do some of it."""
    row = orders.order_for(_user(), ref)
    return _page(row, _do_form(row), _label_form(row))


def _page(row: AnyRow, form: DoForm, labels: Form) -> str:
    return render_template(
        "warehousing/kits/desk/order.html", form=form, labels=labels, **around(row)
    )


def _do_form(row: AnyRow) -> DoForm:
    form = DoForm(request.form)
    if request.method == "GET":
        left = min(orders.doable(orders.uses_of(row)), row.quantity - row.done)
        form.quantity.data = as_text(left) if left > 0 else ""
    form.once.data = form.once.data or sending.new_key()
    return form


def _label_form(row: AnyRow) -> Form:
    return label_fields(needing(orders.outputs_of(row)))(request.form)


@bp.post("/<ref>/do")
def do(ref: str) -> Answer:
    """Make so many sets, or take so many apart."""
    row = orders.order_for(_user(), ref)
    form, labels = _do_form(row), _label_form(row)
    if form.validate() & labels.validate():
        try:
            _done(row, form, labels)
        except PortalError as error:
            form.form_errors.append(str(error))
        else:
            flash(_("Done: goods out and goods in, in one."), "good")
            return redirect(url_for(".order", ref=row.ref))
    return filled(_page(row, form, labels), form)


def _done(row: AnyRow, form: DoForm, labels: Form) -> None:
    by = _user()
    skus = needing(orders.outputs_of(row))
    asked, sets = form.location.data, form.quantity.number or Decimal(0)
    given = labels_of(skus, labels.data)
    said = {"ref": row.ref, "sets": as_text(sets), "location": asked}

    def work(on: Connection) -> dict[str, Any]:
        place = location_by_barcode(asked, row.warehouse_id, on)
        if place is None:
            raise Refused(_l("There is no location %(code)s in this warehouse.", code=asked))
        what = Doing(quantity=sets, location_id=place.id, labels=given)
        held = ordering.held(row.ref, on)
        return {"run": doing.do(held, what, by=by.person_id, on=on)}

    command = Command(form.once.data or sending.new_key(), "kit.do", said)
    write(lambda on: once(command, by, work, on=on))


@bp.post("/<ref>/<any(cancel, reserve):what>")
def act(ref: str, what: str) -> Response:
    """Cancel an order, or look for goods for it again."""
    row = orders.order_for(_user(), ref)
    _try(lambda: sending.act(row.ref, what, _user(), company_id=row.company_id))
    return redirect(url_for(".order", ref=row.ref))


@bp.post("/<ref>/undo/<int:run>")
def undo(ref: str, run: int) -> Response:
    """Take back what was done, by counter-entries."""
    row, by = orders.order_for(_user(), ref), _user().person_id

    def work(on: Connection) -> Any:
        doing.undo(run, ordering.held(row.ref, on), by=by, on=on)
        return _l("Taken back. The goods lie where they lay before.")

    _try(lambda: write(work))
    return redirect(url_for(".order", ref=row.ref))


def _try(work: Any) -> None:
    """Say what became of an act; a refusal is said too."""
    try:
        flash(str(work()), "good")
    except PortalError as error:
        if error.status == 404:
            raise
        flash(str(error), "bad")


@bp.route("/of/<owner>/<code>", methods=["GET", "POST"])
def recipe(owner: str, code: str) -> Answer:
    """Say what a set of a company is made of, and order sets for it."""
    company = owner_by_ref(owner)
    sku = sku_for(_user(), code, company_id=company.id)
    form = recipe_form(sku)
    if request.method == "POST" and written(sku, form, _user()):
        flash(_("Saved."), "good")
        return redirect(url_for(".recipe", owner=company.ref, code=sku.code))
    return _set_page(company, sku, form, order_form())


@bp.post("/of/<owner>/<code>/order")
def place(owner: str, code: str) -> Answer:
    """Order sets for a company."""
    company = owner_by_ref(owner)
    sku = sku_for(_user(), code, company_id=company.id)
    form = order_form()
    if (ref := placed(sku, form, _user())) is not None:
        flash(_("%(ref)s is ordered.", ref=ref), "good")
        return redirect(url_for(".order", ref=ref))
    return _set_page(company, sku, recipe_form(sku), form)


def _set_page(company: AnyRow, sku: AnyRow, form: Any, ordering_form: Any) -> Answer:
    if request.method == "GET" or not form.parts.entries:
        form.offer_more(MOST_PARTS)
    page = render_template(
        "warehousing/kits/desk/set.html",
        company=company,
        sku=sku,
        recipe=recipes.recipe_of(sku),
        form=form,
        order_form=ordering_form,
        **words_of(),
    )
    return (page, 422) if request.method == "POST" else page
