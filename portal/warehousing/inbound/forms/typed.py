"""The form of a notice: its head and its lines as they were typed, and what is wrong with them.

The lines are plain fields of the same names, so that adding and removing them works without
JavaScript.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import phonenumbers
from werkzeug.datastructures import MultiDict

from portal.core import i18n, quantities
from portal.core.errors import FieldError
from portal.core.i18n import lazy as _l
from portal.core.quantities import NOTHING
from portal.warehousing.goods.rules import LEVELS, sheet_words
from portal.warehousing.inbound.rules import announcing
from portal.warehousing.inbound.rules.announcing import Said, SaidLine

#: Fields of the head and how long they may be.
HEAD = {
    "order_ref": announcing.MOST_CODE,
    "supplier": announcing.MOST_WORDS,
    "carrier": announcing.MOST_WORDS,
    "vehicle": 40,
    "driver_phone": 40,
    "expected": 20,
    "note": announcing.MOST_NOTE,
}
LINE = ("sku", "quantity", "level", "lot", "expires_on", "sscc")
EMPTY_LINES = 3  # offered at first
MORE_LINES = 5
MOST_TYPED = 100  # lines in one form; who has more hands in a sheet
NO_DAY = _l("Write the date as year-month-day, such as 2026-11-21.")
NO_NUMBER = _l("Enter a number, such as 12 or 0.5.")
TOO_LONG = _l("This is longer than %(most)s characters.")


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

    def with_errors(self, errors: Sequence[FieldError]) -> "Typed":
        """Return the same with what is wrong with it."""
        return replace(self, errors=[*self.errors, *errors])

    def with_lines(self, lines: Sequence[Mapping[str, str]]) -> "Typed":
        """Return the same with other lines."""
        return replace(self, lines=list(lines))


def clean(text: str) -> str:
    """Return typed text without what no database keeps."""
    return "".join(c for c in text if c.isprintable() and not "\ud800" <= c <= "\udfff").strip()


def typed(form: MultiDict[str, str]) -> Typed:
    """Read what was typed; lines without goods and quantity are left out."""
    head = {name: clean(form.get(name, "")) for name in (*HEAD, "warehouse", "once")}
    head["note"] = form.get("note", "").replace("\0", "").strip()[: announcing.MOST_NOTE]
    columns = {name: form.getlist(name) for name in LINE}
    count = min(max(map(len, columns.values())), MOST_TYPED)
    lines = [
        {name: clean(values[n]) if n < len(values) else "" for name, values in columns.items()}
        for n in range(count)
    ]
    return Typed(head, [line for line in lines if line["sku"] or line["quantity"]])


def edited(form: Typed, pressed: str) -> Typed | None:
    """Return the form after ``pressed`` (add, remove-N) was applied; None: it was another key."""
    lines = list(form.lines)
    if pressed == "add":
        return form.with_lines([*lines, *blank(MORE_LINES)])
    if pressed.startswith("remove-") and pressed[7:].isdecimal() and len(pressed) < 12:
        number = int(pressed[7:])
        return form.with_lines([line for n, line in enumerate(lines) if n != number])
    return None


def blank(count: int = EMPTY_LINES) -> list[dict[str, str]]:
    """Return lines in which nothing has been typed."""
    return [{name: "each" if name == "level" else "" for name in LINE} for _ in range(count)]


def said(form: Typed, warehouse_id: int, source: str) -> tuple[Said | None, list[FieldError]]:
    """Return the notice that was typed, or what of it cannot be read."""
    errors: list[FieldError] = []
    lines = [_line(line, number, errors) for number, line in enumerate(form.lines)]
    expected = _moment(form.value("expected"), errors)
    phone = _phone(form.value("driver_phone"), errors)
    errors += [
        FieldError(name, _l("This is longer than %(most)s characters.", most=most))
        for name, most in HEAD.items()
        if len(form.value(name)) > most
    ]
    if errors:
        return None, errors
    given = ("order_ref", "supplier", "carrier", "vehicle", "note")
    words = {name: form.value(name) or None for name in given}
    notice = Said(
        warehouse_id=warehouse_id,
        lines=[line for line in lines if line is not None],
        source=source,
        expected_at=expected,
        driver_phone=phone,
        **words,
    )
    return notice, []


def _line(line: Mapping[str, str], number: int, errors: list[FieldError]) -> SaidLine | None:
    place = f"lines.{number}"
    before = len(errors)
    quantity, day = NOTHING, None
    try:
        quantity = quantities.read(line["quantity"])
    except ValueError:
        errors.append(FieldError(f"{place}.quantity", NO_NUMBER))
    if line["expires_on"]:
        day = sheet_words.day(line["expires_on"])
        if day is None:
            errors.append(FieldError(f"{place}.expires_on", NO_DAY))
    if line["level"] not in LEVELS:
        errors.append(FieldError(f"{place}.level", _l("Choose one from the list.")))
    if len(errors) > before:
        return None
    return SaidLine(
        sku=line["sku"],
        quantity=quantity,
        level=line["level"],
        lot=line["lot"],
        expires_on=day,
        sscc=line["sscc"] or None,
        place=place,
    )


def _moment(text: str, errors: list[FieldError]) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or not 2000 <= moment.year <= 2200:
        errors.append(FieldError("expected", _l("Enter a day and a time.")))
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=i18n.zone())


def _phone(text: str, errors: list[FieldError]) -> str | None:
    """Return the number of the driver as E.164: numbers without a country are Chinese ones."""
    if not text:
        return None
    try:
        number = phonenumbers.parse(text, "CN")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        errors.append(
            FieldError(
                "driver_phone",
                _l("That is not a telephone number. Write it like 138 0000 8000."),
            )
        )
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def of_notice(notice: Any, lines: Sequence[Any]) -> Typed:
    """Return the form of a notice that is there."""
    head = {name: getattr(notice, name, None) or "" for name in HEAD}
    head["expected"] = _as_typed(notice.expected_at)
    head["warehouse"] = notice.warehouse
    return Typed(head, [_of_line(line) for line in lines])


def _as_typed(moment: datetime | None) -> str:
    return "" if moment is None else i18n.local(moment).strftime("%Y-%m-%dT%H:%M")


def _of_line(line: Any) -> dict[str, str]:
    return {
        "sku": line.sku,
        "quantity": quantities.written(line.said),
        "level": line.level,
        "lot": line.lot_code,
        "expires_on": line.expires_on.isoformat() if line.expires_on else "",
        "sscc": line.sscc or "",
    }
