"""An order as somebody asks for it, by form, sheet or API, before anything is looked up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from portal.core import quantities
from portal.core.errors import FieldError, Refused
from portal.core.i18n import lazy as _l
from portal.core.quantities import NOTHING
from portal.warehousing.goods.rules import counted, in_base, sheet_words
from portal.warehousing.ledger.rules import APPROVED
from portal.warehousing.outbound.rules import orders, party

MOST_REF, MOST_NOTE = 64, 2000  # characters
FORESEEABLE_DAYS = 366
USUAL_POLICY, USUAL_SERVICE = "all_or_nothing", "standard"


@dataclass(frozen=True, kw_only=True)
class AskedLine:
    """So many of a level of the goods ``sku``, as it was typed; ``place`` is what errors name."""

    sku: str
    quantity: str
    lot: str = ""
    level: str = "each"
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An order as it was typed. ``consignee`` None: the owner fetches the goods himself."""

    order_ref: str = ""
    policy: str = USUAL_POLICY
    service: str = USUAL_SERVICE
    note: str = ""
    wished_on: str = ""
    priority: int = 0
    consignee: Mapping[str, Any] | None = None
    lines: Sequence[AskedLine] = ()


@dataclass(frozen=True, kw_only=True)
class NewLine:
    """So many base units of a SKU; ``lot_id``: of that lot alone."""

    sku_id: int
    quantity: Decimal
    lot_id: int | None = None


@dataclass
class Understood:
    """What was understood of an order, and what is wrong with it."""

    columns: dict[str, Any] = field(default_factory=dict)
    lines: list[NewLine] = field(default_factory=list)
    errors: list[FieldError] = field(default_factory=list)

    def wrong(self, name: str, sentence: Any) -> None:
        """Note what is wrong with a field."""
        self.errors.append(FieldError(name, sentence))


@dataclass(frozen=True)
class Goods:
    """What of an owner's goods the lines name, looked up at once for all of them.

    SKU code → row; SKU id → rows of its packs; (SKU id, lot code) → row of the lot.
    """

    skus: Mapping[str, Any]
    units: Mapping[int, Sequence[Any]]
    lots: Mapping[tuple[int, str], Any]


def understand(asked: Asked, goods: Goods, today: date, *, is_draft: bool = False) -> Understood:
    """Return the order that ``asked`` means, with a sentence for everything that is wrong.

    A draft may lack its lines and its consignee.
    """
    found = Understood()
    _head(asked, found, today)
    _consignee(asked, found, is_draft)
    for number, line in enumerate(asked.lines):
        _line(line, line.place or f"lines.{number}", goods, found, today)
    if not asked.lines and not is_draft:
        found.wrong("lines", _l("Say which goods you want, and how many of them."))
    if len(asked.lines) > orders.MOST_LINES:
        most = orders.MOST_LINES
        found.wrong("lines", _l("An order has at most %(most)s lines. Split it up.", most=most))
    return found


def _head(asked: Asked, found: Understood, today: date) -> None:
    _choice(asked.policy, orders.POLICIES, "policy", found)
    _choice(asked.service, orders.SERVICES, "service", found)
    found.columns["priority"] = 1 if asked.priority else 0
    _text(asked.order_ref, MOST_REF, "order_ref", found, party.one_line)
    _text(asked.note, MOST_NOTE, "note", found, party.several_lines)
    found.columns["wished_on"] = _wished(asked.wished_on, found, today)


def _choice(given: str, known: Mapping[str, Any], name: str, found: Understood) -> None:
    found.columns[name] = given
    if given not in known:
        expected = ", ".join(known)
        found.wrong(name, _l("Must be one of: %(expected)s.", expected=expected))


def _text(given: str, most: int, name: str, found: Understood, clean: Any) -> None:
    found.columns[name] = None
    if len(given) > most:
        found.wrong(name, _l("This is longer than %(most)s characters.", most=most))
        return
    try:
        found.columns[name] = clean(given) or None
    except ValueError as error:
        found.wrong(name, error.args[0])


def _wished(typed: str, found: Understood, today: date) -> date | None:
    text = typed.strip()
    if not text:
        return None
    on = sheet_words.day(text)
    if on is None:
        found.wrong("wished_on", _l("Write the day as 2026-11-21."))
        return None
    if on < today:
        found.wrong("wished_on", _l("That day is over."))
    if on > today + timedelta(days=FORESEEABLE_DAYS):
        found.wrong("wished_on", _l("That day lies too far in the future."))
    return on


def _consignee(asked: Asked, found: Understood, is_draft: bool) -> None:
    if asked.consignee is None:
        return
    columns, errors = party.read(asked.consignee)
    found.columns |= columns
    found.errors += [each for each in errors if not is_draft or _is_typed(each, asked.consignee)]


def _is_typed(error: FieldError, given: Mapping[str, Any]) -> bool:
    return bool(str(given.get(error.field.rpartition(".")[2]) or "").strip())


def _line(line: AskedLine, place: str, goods: Goods, found: Understood, today: date) -> None:
    code = line.sku.strip().upper()
    sku = goods.skus.get(code)
    if sku is None:
        sentence = (
            _l("You have no goods with the code %(code)s.", code=code[:40])
            if code
            else _l("Say which goods you want.")
        )
        found.wrong(f"{place}.sku", sentence)
        return
    quantity = _quantity(line, place, sku, goods, found)
    lot = _lot(line, place, sku, goods, found, today)
    if quantity is not None:
        found.lines.append(NewLine(sku_id=sku.id, quantity=quantity, lot_id=lot))


def _quantity(
    line: AskedLine, place: str, sku: Any, goods: Goods, found: Understood
) -> Decimal | None:
    try:
        typed = quantities.read(line.quantity)
        value = counted(in_base(typed, line.level, goods.units.get(sku.id, ())), sku.unit)
    except Refused as error:
        name = "level" if line.level != "each" else "quantity"
        found.wrong(f"{place}.{name}", error.message)
        return None
    except ValueError:
        found.wrong(f"{place}.quantity", _l("Write a number, such as 12."))
        return None
    if not NOTHING < value <= quantities.MOST:
        found.wrong(f"{place}.quantity", _l("Enter a quantity above 0."))
        return None
    return value


def _lot(
    line: AskedLine, place: str, sku: Any, goods: Goods, found: Understood, today: date
) -> int | None:
    code = line.lot.strip()
    if not code:
        return None
    lot = goods.lots.get((sku.id, code))
    if lot is None:
        found.wrong(f"{place}.lot", _l("There is no lot %(lot)s of these goods.", lot=code[:40]))
        return None
    if lot.status != APPROVED:
        found.wrong(f"{place}.lot", _l("Lot %(lot)s is held and cannot be sent.", lot=code))
    elif lot.expires_on is not None and lot.expires_on < today:
        found.wrong(f"{place}.lot", _l("Lot %(lot)s is past its date.", lot=code))
    return int(lot.id)
