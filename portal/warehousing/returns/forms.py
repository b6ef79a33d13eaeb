"""The form of a return: its head and its lines as they were typed, and what is wrong with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from portal.core import quantities
from portal.core.errors import FieldError
from portal.core.i18n import lazy as _l
from portal.core.quantities import NOTHING, written
from portal.warehousing.goods.rules import sheet_words
from portal.warehousing.inbound.forms.typed import NO_DAY, NO_NUMBER, clean
from portal.warehousing.inbound.rules.announcing import SaidLine
from portal.warehousing.returns import rules
from portal.warehousing.returns.service.requesting import Wish

#: Fields of the head and how long they may be.
HEAD = {
    "reason": 20,
    "order_ref": 40,
    "your_ref": 100,
    "sender_name": 100,
    "sender_phone": 40,
    "sender_city": 60,
    "carrier": 100,
    "tracking_no": 100,
    "expected_on": 10,
    "note": rules.MAX_NOTE,
}
LINE = ("sku", "quantity", "lot")
EMPTY_LINES, MORE_LINES = 3, 5


@dataclass(frozen=True)
class Typed:
    """A form as it was typed: ``head`` by field, ``lines`` each by field."""

    head: Mapping[str, str] = field(default_factory=dict)
    lines: Sequence[Mapping[str, str]] = ()
    errors: Sequence[FieldError] = ()

    def value(self, name: str) -> str:
        """Return what stands in a field of the head."""
        return self.head.get(name, "")

    def error(self, name: str) -> str | None:
        """Return the sentence at a field, such as ``lines.2.sku``."""
        return next((str(each.message) for each in self.errors if each.field == name), None)

    def wrong(self, errors: Sequence[FieldError]) -> "Typed":
        """Return the same with what is wrong with it."""
        return replace(self, errors=[*self.errors, *errors])

    def more(self) -> "Typed":
        """Return the same with more empty lines."""
        return replace(self, lines=[*self.lines, *blank(MORE_LINES)])


def blank(count: int = EMPTY_LINES) -> list[dict[str, str]]:
    """Return lines in which nothing has been typed."""
    return [dict.fromkeys(LINE, "") for _ in range(count)]


def typed(form: MultiDict[str, str]) -> Typed:
    """Read what was typed; lines without goods and quantity are left out."""
    head = {name: clean(form.get(name, "")) for name in (*HEAD, "warehouse", "key")}
    columns = {name: form.getlist(name) for name in LINE}
    count = min(max(map(len, columns.values())), rules.MOST_LINES)
    lines = [
        {name: clean(values[n]) if n < len(values) else "" for name, values in columns.items()}
        for n in range(count)
    ]
    return Typed(head, [line for line in lines if line["sku"] or line["quantity"]])


def of_order(order: Any, lines: Sequence[Any]) -> Typed:
    """Return the form of a return of all that an order shipped."""
    head = {
        "order_ref": order.ref,
        "warehouse": order.warehouse,
        "sender_name": order.consignee_name or "",
        "sender_phone": order.consignee_phone or "",
        "sender_city": order.consignee_city or "",
    }
    return Typed(
        head,
        [
            {"sku": line.sku, "quantity": written(line.shipped), "lot": line.lot or ""}
            for line in lines
        ],
    )


def wish_of(
    form: Typed, warehouse_id: int, source: str = "web"
) -> tuple[Wish | None, list[FieldError]]:
    """Return the return that was typed, or what of it cannot be read."""
    errors = [
        FieldError(name, _l("This is longer than %(most)s characters.", most=most))
        for name, most in HEAD.items()
        if len(form.value(name)) > most
    ]
    lines = [_line(line, number, errors) for number, line in enumerate(form.lines)]
    expected = _day(form.value("expected_on"), errors)
    if errors:
        return None, errors
    named = ("order_ref", "note", "carrier")
    words: dict[str, Any] = {name: form.value(name) or None for name in named}
    wish = Wish(
        warehouse_id=warehouse_id,
        reason=form.value("reason"),
        lines=lines,
        source=source,
        begun_with=form.value("your_ref") or None,
        sender=_sender(form),
        tracking_no=form.value("tracking_no").upper() or None,
        expected_on=expected,
        **words,
    )
    return wish, []


def _line(line: Mapping[str, str], number: int, errors: list[FieldError]) -> SaidLine:
    place, quantity = f"lines.{number}", NOTHING
    try:
        quantity = quantities.read(line["quantity"])
    except ValueError:
        errors.append(FieldError(f"{place}.quantity", NO_NUMBER))
    return SaidLine(sku=line["sku"], quantity=quantity, lot=line["lot"], place=place)


def _day(text: str, errors: list[FieldError]) -> date | None:
    day = sheet_words.day(text) if text else None
    if text and day is None:
        errors.append(FieldError("expected_on", NO_DAY))
    return day


def _sender(form: Typed) -> dict[str, str] | None:
    given = {name: form.value(f"sender_{name}") for name in ("name", "phone", "city")}
    kept = {name: value for name, value in given.items() if value}
    return kept or None
