"""What the pages of members and of the desk do alike: write recipes, order, cancel, look again."""

import secrets
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from portal.accounts.access import User
from portal.core.db import write
from portal.core.errors import FieldError, Invalid
from portal.core.i18n import lazy as _l
from portal.core.quantities import written
from portal.warehousing.goods.queries import skus_by_code
from portal.warehousing.kits.forms import OrderForm, RecipeForm
from portal.warehousing.kits.rules import Part
from portal.warehousing.kits.service import ordering, recipes
from portal.warehousing.kits.service.ordering import Wish
from portal.warehousing.ledger.service.commands import Command, once


def new_key() -> str:
    """Return a key for a form: sent twice, it is done once."""
    return secrets.token_urlsafe(12)


def write_recipe(kit: Any, form: RecipeForm, by: User) -> int:
    """Say what a set is made of; return the version. Raises Invalid at the rows of the form."""
    rows, note = form.rows(), (form.note.data or "").strip()

    def work(on: Connection) -> int:
        known = skus_by_code([code for _place, code, _many in rows], kit.company_id, on)
        parts = [Part(known[code].id if code in known else 0, many) for _, code, many in rows]
        return recipes.write(kit, parts, note, by=by.person_id, on=on)

    try:
        return write(work)
    except Invalid as error:
        raise Invalid(error.message, [_at_row(each, rows) for each in error.errors]) from error


def _at_row(each: FieldError, rows: list[tuple[int, str, Any]]) -> FieldError:
    """Return the same at the row of the form, of which some are empty."""
    name, _, place = each.field.partition(".")
    return FieldError(f"{name}.{rows[int(place)][0]}", each.message) if place else each


def order_sets(kit: Any, warehouse_id: int, form: OrderForm, by: User) -> str:
    """Order sets as a form says, once; return the reference."""
    wish = Wish(
        kit=kit,
        warehouse_id=warehouse_id,
        quantity=form.quantity.number or Decimal(0),
        kind=form.kind.data,
        wanted_on=form.wanted_on.data,
        note=(form.note.data or "").strip(),
    )
    said = {"sku": kit.id, "quantity": written(wish.quantity), "kind": wish.kind}
    command = Command(form.once.data or new_key(), "kit.order", said)

    def work(on: Connection) -> dict[str, Any]:
        return {"ref": ordering.order(wish, by=by.person_id, on=on).ref}

    return str(write(lambda on: once(command, by, work, on=on))["ref"])


def act(ref: str, what: str, by: User, *, company_id: int | None) -> Any:
    """Cancel an order or look for goods for it again; return what to say.

    ``company_id``: whose it must be. Raises NotFound, Refused and Invalid.
    """
    verbs: Mapping[str, Any] = {"cancel": _cancelled, "reserve": _reserved}
    if what not in verbs:
        raise Invalid(_l("Choose one from the list."))

    def work(on: Connection) -> Any:
        order = ordering.held(ref, on, company_id=company_id)
        return verbs[what](order, by.person_id, on)

    return write(work)


def _cancelled(order: Any, by: int | None, on: Connection) -> Any:
    ordering.cancel(order, by=by, on=on)
    return _l("%(ref)s is cancelled. What was promised to it is free again.", ref=order.ref)


def _reserved(order: Any, by: int | None, on: Connection) -> Any:
    if ordering.reserve(order, by=by, on=on) == "waiting":
        return _l("%(ref)s still waits for goods.", ref=order.ref)
    return _l("%(ref)s has been looked at again.", ref=order.ref)
