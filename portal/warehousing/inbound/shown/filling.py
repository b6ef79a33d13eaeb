"""The page of the form of a notice, for members and for the desk on a member’s behalf."""

import secrets
from dataclasses import dataclass
from typing import Any

from flask import request

from portal.core.errors import FieldError, PortalError
from portal.core.i18n import gettext as _
from portal.warehousing.goods.queries import Filter as Goods
from portal.warehousing.goods.queries import goods_for
from portal.warehousing.goods.rules import LEVELS
from portal.warehousing.inbound.forms import typed
from portal.warehousing.inbound.forms.typed import Typed
from portal.warehousing.inbound.rules.announcing import Said
from portal.warehousing.inbound.shown import words
from portal.warehousing.inbound.shown.asking import asker
from portal.warehousing.sites.queries import warehouses_for
from portal.warehousing.sites.shown import slots_for_form

OFFERED = 200  # goods offered while one types a code


@dataclass(frozen=True)
class Owner:
    """Whose notice it is; ``ref`` and ``name`` are said where the desk enters it."""

    id: int
    ref: str = ""
    name: str = ""


def shown(
    form: Typed, owner: Owner, *, notice: Any = None, focus: int | None = None
) -> dict[str, Any]:
    """Return what the form shows, with everything that was typed."""
    houses = warehouses_for(asker())
    chosen = house(form.value("warehouse")) or (houses[0].id if houses else None)
    slots = None
    if chosen and notice is None and not owner.ref:
        slots = slots_for_form(chosen, "in", chosen=request.form.get("slot", ""))
    goods = goods_for(asker(), Goods(company_id=owner.id), limit=OFFERED).items
    return {
        "form": form.with_lines(form.lines or typed.blank()),
        "notice": notice,
        "owner": owner,
        "houses": [(each.code, words.house_of(each)) for each in houses],
        "slots": slots,
        "goods": goods,
        "levels": list(LEVELS.items()),
        "errors": [(each.field.replace(".", "-"), str(each.message)) for each in form.errors],
        "focus": focus,
        "once": form.value("once") or secrets.token_urlsafe(12),
        "words": words,
    }


def house(code: str) -> int | None:
    """Return the id of the warehouse that was chosen; where there is one alone, of that."""
    houses = warehouses_for(asker())
    if not code and len(houses) == 1:
        return int(houses[0].id)
    return next((int(each.id) for each in houses if each.code == code), None)


def said(form: Typed, source: str) -> tuple[Said | None, list[FieldError]]:
    """Return what was typed, or all that is wrong with it: the warehouse, and everything else."""
    chosen = house(form.value("warehouse"))
    read, errors = typed.said(form, chosen or 0, source)
    if chosen is not None:
        return read, errors
    missing = _("Choose the warehouse to which the goods come.")
    return None, [FieldError("warehouse", missing), *errors]


def refused(form: Typed, error: PortalError) -> Typed:
    """Return the form with what was refused, at its fields where it names them."""
    if error.errors:
        return form.with_errors(error.errors)
    return form.with_errors([FieldError("slot" if request.form.get("slot") else "", str(error))])
