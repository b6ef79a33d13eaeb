"""The form of a return, alike for its owner and for the desk that enters it for him."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from portal.accounts.access import User
from portal.core.errors import FieldError, Invalid
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy as _l
from portal.warehousing.floor.forms import carry_out
from portal.warehousing.goods.queries import Filter as Goods
from portal.warehousing.goods.queries import goods_for
from portal.warehousing.returns import forms, rules
from portal.warehousing.returns.forms import Typed
from portal.warehousing.returns.queries import one
from portal.warehousing.returns.service import requesting
from portal.warehousing.returns.service.requesting import Wish
from portal.warehousing.sites.queries import name_in, warehouses_for

Answer = str | Response | tuple[str, int]
OFFERED = 200  # goods offered while one types a code


@dataclass(frozen=True)
class Asking:
    """Who enters a return for which company, and from where.

    ``owner`` is None for the owner himself, else a row of the company (id, ref, name).
    """

    user: User
    blueprint: str
    owner: Any = None

    @property
    def company_id(self) -> int:
        """Return whose goods come back."""
        return int(self.owner.id) if self.owner else self.user.company_id or 0

    @property
    def here(self) -> str:
        """Return the address of the form."""
        return url_for(f"{self.blueprint}.new", company=self.owner.ref if self.owner else None)


def answer(asking: Asking) -> Answer:
    """Show the form of a return, or make the return that was typed."""
    if request.method == "GET":
        return _page(asking, _start(asking))
    form = forms.typed(request.form)
    if request.form.get("do") == "add":
        return _page(asking, form.more())
    houses = warehouses_for(asking.user)
    house = next((each for each in houses if each.code == form.value("warehouse")), None)
    wish, errors = forms.wish_of(form, house.id if house else 0, "desk" if asking.owner else "web")
    if house is None:
        errors = [FieldError("warehouse", _l("Choose a warehouse.")), *errors]
    if wish is None or house is None:
        return _page(asking, form.wrong(errors)), 422
    return _made(asking, form, wish)


def _start(asking: Asking) -> Typed:
    """Return the form as it begins: with all that a shipped order took, if one is named."""
    ref = request.args.get("order")
    if ref is None:
        return Typed({}, forms.blank())
    return forms.of_order(*one.shipped_for(asking.user, ref, asking.company_id))


def _made(asking: Asking, form: Typed, wish: Wish) -> Answer:
    is_authorised = asking.owner is not None and request.form.get("do") == "authorise"
    try:
        ref = carry_out("return.request", _work(asking, wish, is_authorised=is_authorised))
    except Invalid as error:
        errors = error.errors or [FieldError("lines", str(error))]
        return _page(asking, form.wrong(errors)), 422
    flash(_told(asking, ref, is_authorised=is_authorised), "good")
    return redirect(url_for(f"{asking.blueprint}.show", ref=ref), 303)


def _work(asking: Asking, wish: Wish, *, is_authorised: bool) -> Callable[[Connection], str]:
    by_id, company_id = asking.user.person_id, asking.company_id

    def work(on: Connection) -> str:
        made = requesting.request(wish, company_id, by_id=by_id, on=on)
        if is_authorised and made.is_new:
            requesting.authorise(made.id, company_id, None, by_id=by_id, on=on)
        return made.ref

    return work


def _told(asking: Asking, ref: str, *, is_authorised: bool) -> str:
    if is_authorised:
        return _("%(ref)s is authorised. The floor expects it.", ref=ref)
    if asking.owner:
        return _("%(ref)s is requested for %(company)s.", ref=ref, company=asking.owner.name)
    return _("%(ref)s is requested. You hear here as soon as it is authorised.", ref=ref)


def _page(asking: Asking, form: Typed) -> str:
    lines = list(form.lines) or forms.blank()
    errors = [(each.field.replace(".", "-"), str(each.message)) for each in form.errors]
    wanted = Goods(company_id=asking.company_id)
    return render_template(
        "warehousing/returns/new.html",
        form=form,
        lines=lines,
        errors=errors,
        houses=_houses(asking.user),
        reasons=[("", _("Please choose")), *((k, str(v)) for k, v in rules.REASONS.items())],
        goods=goods_for(asking.user, wanted, limit=OFFERED).items,
        most_note=rules.MAX_NOTE,
        asking=asking,
        index=url_for(f"{asking.blueprint}.index"),
    )


def _houses(user: User) -> Sequence[tuple[str, str]]:
    return [(h.code, f"{name_in(h.names)} {h.code}") for h in warehouses_for(user)]
