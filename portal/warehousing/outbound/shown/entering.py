"""The form of an order as pages carry it out: for a member, and at the desk for his company."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import request, url_for
from flask_login import current_user
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from portal.accounts.access import User
from portal.core import clock, i18n, working
from portal.core.db import db, write
from portal.core.errors import FieldError, Invalid, PortalError
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy as _l
from portal.warehousing.goods.queries import Filter, goods_for
from portal.warehousing.ledger.service.commands import Answer, Command, once
from portal.warehousing.outbound.forms import typed as forms
from portal.warehousing.outbound.forms.typed import Typed
from portal.warehousing.outbound.rules import orders as rules
from portal.warehousing.outbound.rules import party
from portal.warehousing.outbound.rules.asked import Understood, understand
from portal.warehousing.outbound.service import asking, changing, orders, states
from portal.warehousing.outbound.service.orders import CONSIGNEE, NewOrder
from portal.warehousing.outbound.shown import book, words
from portal.warehousing.outbound.shown.summary import summary
from portal.warehousing.sites import queries as sites

MOST_OFFERED = 200  # goods whose codes are offered while one types
#: Columns that may be changed after an order was handed in.
CHANGEABLE = (*CONSIGNEE, "service", "note", "wished_on", "priority")


@dataclass(frozen=True)
class Owner:
    """For whom an order is entered."""

    company_id: int
    name: str
    warehouses: Sequence[Any] = field(default_factory=list)

    def warehouse(self, code: str) -> Any:
        """Return the warehouse of a code, else the first one; raises Invalid without any."""
        if not self.warehouses:
            raise Invalid(_l("There is no warehouse yet. Ask the centre."))
        return next((w for w in self.warehouses if w.code == code), self.warehouses[0])


def asker() -> User:
    """Return who asks."""
    user: User = current_user._get_current_object()
    return user


def own() -> Owner:
    """Return the asker's own company."""
    user = asker()
    return Owner(user.company_id or 0, user.company_name or "", sites.warehouses_for(user))


def new_form(owner: Owner) -> Typed:
    """Return a form in which nothing stands but what is usual."""
    head = {"policy": "all_or_nothing", "service": "standard", "once": secrets.token_urlsafe(16)}
    if owner.warehouses:
        head["warehouse"] = owner.warehouses[0].code
    return Typed(head, {"country": "CN"}, forms.blank())


def context(form: Typed, owner: Owner, at: str, **more: Any) -> dict[str, Any]:
    """Return what the page of the form shows; ``at`` is the part of the site in which it stands."""
    user = asker()
    warehouse = owner.warehouse(form.value("warehouse"))
    on = db.session.connection()
    goods = goods_for(user, Filter(company_id=owner.company_id), limit=MOST_OFFERED).items
    return {
        "form": form,
        "owner": owner,
        "warehouse": warehouse,
        "summary": summary(form, warehouse, owner.company_id, on=on),
        "book": book.entries(user),
        "goods": [(row.code, words.name_of(row)) for row in goods],
        "countries": party.countries_in(i18n.tag()),
        "at": at,
        "summary_url": url_for(f"{at}.summarise"),
        "lines_url": url_for(f"{at}.edit_lines"),
        "house_options": words.house_options(owner.warehouses),
        "changeable_statuses": rules.CHANGEABLE,
        "words": words,
        **words.TABLES,
        **more,
    }


def pressed(form: Typed) -> Typed | None:
    """Return the form after keys that only change it; None: another one was pressed."""
    key = request.form.get("do", "")
    if key == "use":
        ref = request.form.get("book", "")
        entry = next((each for each in book.entries(asker()) if each.ref == ref), None)
        return forms.with_party(form, entry) if entry is not None else form
    return forms.edited(form, key)


def compact(form: Typed) -> Typed:
    """Return the form without the lines in which nothing stands."""
    kept = [line for line in form.lines if line["sku"].strip() or line["quantity"].strip()]
    return replace(form, lines=kept or forms.blank(1))


def understood(form: Typed, company_id: int, *, is_draft: bool, on: Connection) -> Understood:
    """Return the order that a form means, with what is wrong with it."""
    asked = form.asked()
    goods = asking.goods_of(asked.lines, company_id, on=on)
    today = clock.now().astimezone(clock.zone()).date()
    return understand(asked, goods, today, is_draft=is_draft)


def check(form: Typed, owner: Owner, *, is_draft: bool = False) -> Typed:
    """Return the form with what is wrong with it."""
    on = db.session.connection()
    return form.with_errors(understood(form, owner.company_id, is_draft=is_draft, on=on).errors)


def place(form: Typed, owner: Owner, *, is_draft: bool) -> Answer:
    """Enter the order of a form once, however often it is sent; return its ref and status.

    Raises Invalid and Refused with errors at the fields of the form.
    """
    user, hours = asker(), working.hours()
    warehouse = owner.warehouse(form.value("warehouse"))

    def work(on: Connection) -> Answer:
        new = _new(form, owner, warehouse, is_draft, on)
        placed = orders.place(new, submit=not is_draft, hours=hours, by=user.person_id, on=on)
        return _answer(placed.order)

    return _once(form, "outbound.place", user, work)


def _new(form: Typed, owner: Owner, warehouse: Any, is_draft: bool, on: Connection) -> NewOrder:
    found = _good(form, owner.company_id, is_draft, on)
    _check_new_ref(owner.company_id, found.columns.get("order_ref"), None, on)
    return NewOrder(
        company_id=owner.company_id, warehouse=warehouse, columns=found.columns, lines=found.lines
    )


def _good(form: Typed, company_id: int, is_draft: bool, on: Connection) -> Understood:
    found = understood(form, company_id, is_draft=is_draft, on=on)
    if found.errors:
        raise Invalid(_l("Please check what you entered."), found.errors)
    return found


def _check_new_ref(company_id: int, ref: str | None, but: int | None, on: Connection) -> None:
    known = orders.by_order_ref(company_id, ref, on=on)
    if known is not None and known.id != but:
        sentence = _l("You have used this reference before, for %(no)s.", no=known.ref)
        raise Invalid(sentence, [FieldError("order_ref", sentence)])


def _once(form: Typed, name: str, user: User, work: Callable[[Connection], Answer]) -> Answer:
    said = {
        "head": {key: value for key, value in form.head.items() if key != "once"},
        "party": dict(form.party),
        "lines": [dict(line) for line in form.lines],
        "flags": [form.is_fetched, form.is_urgent],
    }
    command = Command(form.value("once") or secrets.token_urlsafe(16), name, said)
    try:
        return write(lambda on: once(command, user, work, on=on))
    except IntegrityError:  # the same reference was taken at the same moment
        return write(lambda on: once(command, user, work, on=on))


def _answer(order: Any) -> Answer:
    return {"ref": order.ref, "status": order.status}


def rewrite(form: Typed, owner: Owner, order: Any, *, submit: bool) -> Answer:
    """Write a draft anew and, if asked, hand it in. Raises as ``place``."""
    user, hours = asker(), working.hours()
    warehouse = owner.warehouse(form.value("warehouse"))

    def work(on: Connection) -> Answer:
        row = states.locked(order.id, order.company_id, on=on)
        found = _good(form, owner.company_id, not submit, on)
        _check_new_ref(owner.company_id, found.columns.get("order_ref"), row.id, on)
        new = NewOrder(
            company_id=row.company_id,
            warehouse=warehouse,
            columns=found.columns,
            lines=found.lines,
        )
        row = orders.rewrite(row, new, on=on)
        if submit:
            row = orders.hand_in(row, warehouse, hours=hours, by=user.person_id, on=on)
        return _answer(row)

    return _once(form, "outbound.rewrite", user, work)


def _version(said: str) -> int:
    """Return the version of an order that was on the screen; 0, which none is, for nonsense."""
    return int(said) if said.isdecimal() and len(said) < 19 else 0


def change(form: Typed, owner: Owner, order: Any, lines: Sequence[Any]) -> Answer:
    """Change an order that was handed in: its consignee and terms, and its lines if they differ.

    Raises as ``place``.
    """
    user = asker()
    seen = _version(form.value("version"))
    keeps_lines = not form.lines or list(form.lines) == list(forms.of_order(order, lines).lines)

    def work(on: Connection) -> Answer:
        found = understood(form, owner.company_id, is_draft=False, on=on)
        wrong = [e for e in found.errors if not (keeps_lines and e.field.startswith("lines"))]
        if wrong:
            raise Invalid(_l("Please check what you entered."), wrong)
        columns = {name: found.columns[name] for name in CHANGEABLE if name in found.columns}
        row = changing.redirect(order, columns, seen=seen, by=user.person_id, on=on)
        if not keeps_lines:
            row = changing.change_lines(
                row, found.lines, seen=row.version, by=user.person_id, on=on
            )
        return _answer(row)

    return _once(form, "outbound.change", user, work)


def start_of(order: Any, lines: Sequence[Any], owner: Owner) -> Typed:
    """Return the form of an order that is there, to be changed."""
    form = forms.of_order(order, lines)
    head = {**form.head, "once": new_form(owner).value("once"), "warehouse": order.warehouse}
    return replace(form, head=head)


def written(form: Typed, owner: Owner, order: Any, lines: Sequence[Any], *, do: str) -> Answer:
    """Write a draft anew (``do`` place: and hand it in), or change an order. As ``place``."""
    if order.status == rules.DRAFT:
        return rewrite(form, owner, order, submit=do == "place")
    return change(form, owner, order, lines)


def refused(form: Typed, error: PortalError) -> Typed:
    """Return the form with what was refused: at its fields, else above it."""
    return form.with_errors(error.errors or [FieldError("", error.message)])


def told(status: str, ref: str, ship_by: str) -> str:
    """Say what became of an order that was just entered."""
    if status == "draft":
        return _("%(ref)s is kept as a draft. Place it when it is complete.", ref=ref)
    if status == "backordered":
        return _("%(ref)s is placed. What is missing goes on as soon as it comes.", ref=ref)
    return _("%(ref)s is placed and its goods are set aside: %(when)s.", ref=ref, when=ship_by)
