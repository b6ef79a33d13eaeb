"""Rules of receiving: what a scan must say, how much may come, what status it gets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any

from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext
from portal.core.quantities import NOTHING, written

#: What goods look like when they come → what it is called.
CONDITIONS = {
    "good": lazy_pgettext("condition", "Good"),
    "damaged": lazy_pgettext("condition", "Damaged"),
    "doubtful": lazy_pgettext("condition", "Doubtful"),
}
#: Goods that are not sold before somebody has looked at them.
_KEPT_APART = {"damaged": "damaged", "doubtful": "quarantined"}
_TEN_THOUSAND = Decimal(10000)
_THOUSANDTH = Decimal("0.001")


class Confirm(Refused):
    """Not without somebody’s word: ``needs`` says what is to be confirmed, ``right`` by whom."""

    def __init__(self, message: Any, needs: str, right: str = "warehouse.work") -> None:
        super().__init__(message)
        self.needs, self.right = needs, right


@dataclass(frozen=True, kw_only=True)
class Line:
    """What matching needs to know of a line of a notice."""

    id: int
    sku_id: int
    lot_code: str = ""
    sscc: str | None = None
    announced: Decimal = NOTHING
    received: Decimal = NOTHING
    instead_of_id: int | None = None

    @property
    def left(self) -> Decimal:
        """How much of it is still to come."""
        return max(self.announced - self.received, NOTHING)


@dataclass(frozen=True)
class Part:
    """So much of what was scanned is for this line; None: for a line that has to be made.

    ``instead_of_id``: the line whose lot should have come.
    """

    line_id: int | None
    quantity: Decimal
    instead_of_id: int | None = None


def status_of(condition: str, lot_status: str) -> str:
    """Return the stock status that goods get: good ones that of their lot."""
    return _KEPT_APART.get(condition, lot_status)


def check_lot(sku: Any, lot: str, expires_on: date | None, quantity: Decimal) -> None:
    """Raise Refused unless a scan says what these goods are told apart by."""
    if sku.lot_policy != "none" and not lot:
        raise Refused(
            _l("These goods have serial numbers. Scan the serial number.")
            if sku.lot_policy == "serial"
            else _l("These goods are kept by lot. Scan or enter the lot.")
        )
    if sku.lot_policy == "serial" and quantity != 1:
        raise Refused(_l("Each serial number is one piece. Scan them one by one."))
    if sku.has_expiry and expires_on is None:
        raise Refused(_l("These goods have a date of expiry. Scan or enter it."))


def check_dates(sku: Any, expires_on: date | None, today: date, *, allowed: bool) -> None:
    """Raise Refused for goods in good condition that are too old to be taken into stock.

    Goods past their date are only kept apart; those with fewer days left than the owner wants
    (``least_days_in``) need a supervisor's word (``allowed``).
    """
    if not sku.has_expiry or expires_on is None:
        return
    left = (expires_on - today).days
    if left < 0:
        raise Refused(
            _l(
                "These goods expired on %(day)s. Receive them as doubtful: they are kept apart "
                "until the owner decides.",
                day=expires_on.isoformat(),
            )
        )
    if left < sku.least_days_in and not allowed:
        message = _l(
            "%(left)s days are left and the owner wants %(wanted)s. Receive them as doubtful, or "
            "let a supervisor allow it.",
            left=left,
            wanted=sku.least_days_in,
        )
        raise Confirm(message, "days", "warehouse.supervise")


def tolerance(announced: Decimal, over_receipt_bp: int) -> Decimal:
    """Return how much more than announced may come without asking, rounded down."""
    return (announced * over_receipt_bp / _TEN_THOUSAND).quantize(_THOUSANDTH, ROUND_DOWN)


def check_amount(lines: Sequence[Line], quantity: Decimal, sku: Any, *, allowed: bool) -> None:
    """Raise Confirm where more comes of announced goods than the tolerance lets in.

    ``lines`` are all of the notice that hold these goods. Goods of which nothing was announced
    are no excess: they are unannounced.
    """
    announced = sum((line.announced for line in lines), NOTHING)
    total = sum((line.received for line in lines), NOTHING) + quantity
    if not announced or allowed or total <= announced + tolerance(announced, sku.over_receipt_bp):
        return
    message = _l(
        "%(announced)s were announced and this would make %(total)s. Count again; a supervisor "
        "may allow it with a reason.",
        announced=written(announced),
        total=written(total),
    )
    raise Confirm(message, "over", "warehouse.supervise")


def check_announced(parts: Sequence[Part], *, is_blind: bool, confirmed: bool) -> None:
    """Raise Confirm where goods come that were not announced, or another lot of them."""
    if confirmed or is_blind:
        return
    if any(part.instead_of_id is not None for part in parts):
        raise Confirm(
            _l("Another lot was announced. Compare the label; confirm to receive this one."),
            "lot",
        )
    if any(part.line_id is None for part in parts):
        raise Confirm(
            _l("These goods were not announced. Confirm to receive them all the same."),
            "unannounced",
        )


def check_said_date(said: date | None, scanned: date | None, *, confirmed: bool) -> None:
    """Raise Confirm where a label shows another date of expiry than was announced."""
    if said is None or scanned is None or said == scanned or confirmed:
        return
    raise Confirm(
        _l(
            "The notice says that they expire on %(day)s. Compare the label; confirm to receive "
            "them with the date that you entered.",
            day=said.isoformat(),
        ),
        "lot",
    )


def share(
    lines: Sequence[Line], quantity: Decimal, lot: str, sscc: str | None = None
) -> list[Part]:
    """Return to which lines of a notice what was scanned belongs.

    ``lines`` hold the scanned goods, in their order. Lines that name the pallet or the lot are
    filled first, then those that name none; what is more than announced stays with the line that
    suits best. Where every line names another lot, it is for a line to be made.
    """
    suiting = sorted(
        (line for line in lines if _suits(line, lot, sscc)), key=lambda it: _rank(it, lot, sscc)
    )
    if not suiting:
        return [_new_part(lines, quantity)]
    parts, rest = [], quantity
    for line in suiting:
        taken = min(line.left, rest)
        if taken:
            parts.append(Part(line.id, taken))
            rest -= taken
    if rest:
        _add_rest(parts, suiting, rest)
    return parts


def _suits(line: Line, lot: str, sscc: str | None) -> bool:
    if line.sscc and sscc and line.sscc != sscc:
        return False
    return line.lot_code in ("", lot)


def _rank(line: Line, lot: str, sscc: str | None) -> tuple[bool, bool, bool, int]:
    names_pallet = bool(sscc) and line.sscc == sscc
    return (not names_pallet, bool(line.sscc), line.lot_code != lot, line.id)


def _add_rest(parts: list[Part], suiting: Sequence[Line], rest: Decimal) -> None:
    """Put what is too much to the last line that was filled, else to the one that suits best."""
    if parts:
        last = parts.pop()
        parts.append(Part(last.line_id, last.quantity + rest))
    else:
        parts.append(Part(suiting[0].id, rest))


def _new_part(lines: Sequence[Line], quantity: Decimal) -> Part:
    missing = [line for line in lines if line.announced]
    waiting = [line for line in missing if line.left] or missing
    return Part(None, quantity, waiting[0].id if waiting else None)
