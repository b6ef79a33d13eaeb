"""The form of an order: its head, who receives, its lines, and what is wrong with them.

Lines are plain fields of the same names, so that adding and removing them works without
JavaScript.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from portal.core import quantities
from portal.core.errors import FieldError
from portal.warehousing.outbound.rules import asked as rules
from portal.warehousing.outbound.rules.asked import Asked, AskedLine

HEAD = ("order_ref", "warehouse", "policy", "service", "wished_on", "note", "once", "version")
PARTY = ("name", "phone", "address", "city", "postcode", "country")
LINE = ("sku", "quantity", "level", "lot")
BLANK = {"sku": "", "quantity": "", "level": "each", "lot": ""}
FIRST_LINES, MORE_LINES = 3, 3
MOST_TYPED = 100  # lines in one form; who has more hands in a sheet


@dataclass(frozen=True)
class Typed:
    """A form as it was typed. ``is_fetched``: the owner fetches the goods himself."""

    head: Mapping[str, str] = field(default_factory=dict)
    party: Mapping[str, str] = field(default_factory=dict)
    lines: Sequence[Mapping[str, str]] = ()
    is_fetched: bool = False
    is_urgent: bool = False
    errors: Sequence[FieldError] = ()

    def value(self, name: str) -> str:
        """Return what stands in a field of the head."""
        return self.head.get(name, "")

    def error(self, name: str) -> str | None:
        """Return the sentence at a field, such as ``lines.2.sku`` or ``consignee.phone``."""
        return next((str(each.message) for each in self.errors if each.field == name), None)

    def with_errors(self, errors: Sequence[FieldError]) -> "Typed":
        """Return the same with what is wrong with it."""
        return replace(self, errors=[*self.errors, *errors])

    def links(self) -> list[tuple[str, str]]:
        """Return (id of the field, sentence) of everything that is wrong."""
        return [(element_id(each.field), str(each.message)) for each in self.errors]

    def asked(self) -> Asked:
        """Return the order that was typed."""
        return Asked(
            order_ref=self.value("order_ref"),
            policy=self.value("policy") or rules.USUAL_POLICY,
            service=self.value("service") or rules.USUAL_SERVICE,
            note=self.value("note"),
            wished_on=self.value("wished_on"),
            priority=1 if self.is_urgent else 0,
            consignee=None if self.is_fetched else self.party,
            lines=[
                AskedLine(**line, place=f"lines.{number}")
                for number, line in enumerate(self.lines)
                if line["sku"].strip() or line["quantity"].strip()
            ],
        )


def element_id(name: str) -> str:
    """Return the id of the element that shows a field: dots are no part of it."""
    return name.replace(".", "-")


def clean(text: str) -> str:
    """Return typed text without what no database keeps."""
    return "".join(c for c in text if c.isprintable() and not "\ud800" <= c <= "\udfff").strip()


def typed(form: MultiDict[str, str]) -> Typed:
    """Read what was typed; the lines in which nothing stands stay, so that errors find theirs."""
    head = {name: clean(form.get(name, "")) for name in HEAD}
    head["note"] = form.get("note", "").replace("\0", "").strip()[: rules.MOST_NOTE + 1]
    columns = {name: form.getlist(name) for name in LINE}
    count = min(max(map(len, columns.values())), MOST_TYPED)
    lines = [
        {name: clean(given[n]) if n < len(given) else "" for name, given in columns.items()}
        for n in range(count)
    ]
    return Typed(
        head,
        {name: clean(form.get(f"consignee.{name}", "")) for name in PARTY},
        [{**line, "level": line["level"] or "each"} for line in lines],
        is_fetched=bool(form.get("fetched")),
        is_urgent=bool(form.get("urgent")),
    )


def edited(form: Typed, pressed: str) -> Typed | None:
    """Return the form after ``pressed`` (add, remove-N) was applied; None: it was another key."""
    if pressed == "add":
        return replace(form, lines=[*form.lines, *blank(MORE_LINES)])
    if pressed.startswith("remove-") and pressed[7:].isdecimal() and len(pressed) < 12:
        left = [line for n, line in enumerate(form.lines) if n != int(pressed[7:])]
        return replace(form, lines=left or blank(1))
    return None


def blank(count: int = FIRST_LINES) -> list[dict[str, str]]:
    """Return lines in which nothing has been typed."""
    return [dict(BLANK) for _ in range(count)]


def with_party(form: Typed, entry: Any) -> Typed:
    """Return the form with an entry of the address book as its consignee."""
    party = {name: getattr(entry, name, None) or "" for name in PARTY}
    return replace(form, party=party, is_fetched=False)


def of_order(order: Any, lines: Sequence[Any]) -> Typed:
    """Return the form of an order that is there."""
    head = {name: str(getattr(order, name, None) or "") for name in HEAD if name != "once"}
    if order.order_ref == order.ref:
        head["order_ref"] = ""
    return Typed(
        head,
        {name: getattr(order, f"consignee_{name}") or "" for name in PARTY},
        [_of_line(line) for line in lines] or blank(),
        is_urgent=bool(order.priority),
    )


def _of_line(line: Any) -> dict[str, str]:
    return {
        "sku": line.sku,
        "quantity": quantities.written(line.quantity),
        "level": "each",
        "lot": line.lot or "",
    }
