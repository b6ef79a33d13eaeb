"""Sets of the owner: what each is made of, ordering them, what became of it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.accounts.access import User
from portal.accounts.forms import Answer, filled
from portal.core.db import AnyRow
from portal.core.errors import Invalid, PortalError
from portal.core.i18n import gettext as _
from portal.warehousing.goods.queries import sku_for
from portal.warehousing.kits import sending
from portal.warehousing.kits.forms import OrderForm, RecipeForm
from portal.warehousing.kits.queries import orders, recipes
from portal.warehousing.kits.rules import MOST_PARTS
from portal.warehousing.kits.shown import around, tabs, words_of
from portal.warehousing.sites.queries import name_in, warehouse_for, warehouses_for

bp = Blueprint("kits", __name__)


def _user() -> User:
    user: User = current_user._get_current_object()
    return user


@bp.get("/kits")
def index() -> str:
    """List the company's orders of sets, the newest first."""
    group = request.args.get("status", "open")
    page = orders.orders_for(_user(), group=group, after=request.args.get("after"))
    return render_template(
        "warehousing/kits/index.html", page=page, group=group, tabs=tabs(group), **words_of()
    )


@bp.get("/kits/<ref>")
def order(ref: str) -> str:
    """Show one order: what it uses, what was done."""
    return render_template("warehousing/kits/order.html", **around(orders.order_for(_user(), ref)))


@bp.post("/kits/<ref>/<any(cancel, reserve):what>")
def act(ref: str, what: str) -> Response:
    """Cancel an order, or look for goods for it again."""
    user = _user()
    try:
        flash(str(sending.act(ref, what, user, company_id=user.company_id)), "good")
    except PortalError as error:
        if error.status == 404:
            raise
        flash(str(error), "bad")
    return redirect(url_for(".order", ref=ref))


@bp.get("/<code>/kit")
def kit(code: str) -> str:
    """Show what goods are made of and into which sets they go; order sets."""
    return page(sku_for(_user(), code), order_form())


def order_form() -> OrderForm:
    """Return the form of an order with the warehouses to choose from."""
    form = OrderForm(request.form)
    houses = warehouses_for(_user())
    form.warehouse.choices = [(h.code, f"{h.code} {name_in(h.names)}") for h in houses]
    form.once.data = form.once.data or sending.new_key()
    return form


def page(sku: AnyRow, form: OrderForm) -> str:
    """Return the page of a set."""
    return render_template(
        "warehousing/kits/kit.html",
        sku=sku,
        recipe=recipes.recipe_of(sku),
        within=recipes.sets_with(sku),
        form=form,
        orders=orders.orders_for(_user(), group="all", sku_id=sku.id, limit=10).items,
        **words_of(),
    )


@bp.post("/<code>/kit/order")
def place(code: str) -> Answer:
    """Order sets."""
    sku, form = sku_for(_user(), code), order_form()
    if (ref := placed(sku, form, _user())) is not None:
        flash(_("%(ref)s is ordered.", ref=ref), "good")
        return redirect(url_for(".order", ref=ref))
    return filled(page(sku, form), form)


def placed(sku: AnyRow, form: OrderForm, user: User) -> str | None:
    """Return the reference of what a form orders; None: the form says what is wrong."""
    if not form.validate():
        return None
    try:
        house = warehouse_for(user, form.warehouse.data)
        return sending.order_sets(sku, house.id, form, user)
    except PortalError as error:
        form.form_errors.append(str(error))
        return None


@bp.route("/<code>/kit/edit", methods=["GET", "POST"])
def recipe(code: str) -> Answer:
    """Say what one set is made of."""
    sku = sku_for(_user(), code)
    form = recipe_form(sku)
    if request.method == "POST" and written(sku, form, _user()):
        flash(_("Saved."), "good")
        return redirect(url_for(".kit", code=sku.code))
    form.offer_more(MOST_PARTS)
    found = render_template("warehousing/kits/recipe.html", sku=sku, form=form)
    return (found, 422) if request.method == "POST" else found


def recipe_form(sku: AnyRow) -> RecipeForm:
    """Return the form of a recipe with what it is now."""
    found = recipes.recipe_of(sku)
    begun: dict[str, Any] = {}
    if found is not None:
        parts = [{"code": part.code, "quantity": f"{many:f}"} for part, many, _free in found.parts]
        begun = {"parts": parts, "note": found.row.note or ""}
    return RecipeForm(request.form, data=begun)


def written(sku: AnyRow, form: RecipeForm, user: User) -> bool:
    """Keep what a form says; return False where it says what is wrong."""
    if not form.validate():
        return False
    try:
        sending.write_recipe(sku, form, user)
    except Invalid as error:
        _show(error, form)
        return False
    return True


def _show(error: Invalid, form: RecipeForm) -> None:
    for each in error.errors:
        name, _dot, place = each.field.partition(".")
        if name == "parts" and place:
            field = form.parts[int(place)].form.code
            field.errors = [*field.errors, str(each.message)]
        else:
            form.form_errors.append(str(each.message))
    if not error.errors:
        form.form_errors.append(str(error))
