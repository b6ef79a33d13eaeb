"""The list by which a wave is picked: order by order, or all at once; on a page and on paper."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.core import clock, i18n
from portal.core.i18n import gettext as _
from portal.core.i18n import pgettext
from portal.core.look import centre
from portal.core.pdf import codes
from portal.core.pdf.sheets import A4, Sheet
from portal.core.quantities import NOTHING
from portal.warehousing.outbound.shown import words
from portal.warehousing.sites.queries import name_in

MARGIN, FOOT = 12.0, 284.0  # mm
ROW = 9.5  # mm: a line of a list, high enough for a tick and a word
#: Column → where it begins, in mm.
COLUMNS = {
    "place": 12.0,
    "goods": 42.0,
    "lot": 112.0,
    "quantity": 158.0,
    "tick": 164.0,
    "for": 172.0,
}
GREY = 0.45


@dataclass(frozen=True)
class Stop:
    """One place on the way: so much of one lot, for one order or for several."""

    row: Any  # of ``queries.waves.stops_of``
    quantity: Decimal
    orders: tuple[tuple[str, Decimal], ...]


def batch(stops: Sequence[Any]) -> list[Stop]:
    """Return what is taken for all orders at once, each place once, in walking order."""
    places: dict[int, list[Any]] = defaultdict(list)
    for row in stops:
        places[row.balance_id].append(row)
    return [
        Stop(
            rows[0],
            sum((row.quantity for row in rows), NOTHING),
            tuple((row.ref, row.quantity) for row in rows),
        )
        for rows in places.values()
    ]


def by_order(stops: Sequence[Any]) -> dict[str, list[Stop]]:
    """Return order → what is taken for it, in walking order."""
    orders: dict[str, list[Stop]] = defaultdict(list)
    for row in stops:
        orders[row.ref].append(Stop(row, row.quantity, ((row.ref, row.quantity),)))
    return dict(orders)


def pdf(wave: Any, stops: Sequence[Any], method: str) -> bytes:
    """Return the list as PDF: A4, a page for each order, or one list for all of them."""
    title = _("Pick list %(ref)s", ref=wave.ref)
    paper = _Paper(Sheet(A4, i18n.tag(), title=title, author=centre().name), wave)
    if method == "batch" or not stops:
        paper.section(title, "", batch(stops))
    else:
        for ref, found in by_order(stops).items():
            paper.section(_("Order %(ref)s", ref=ref), ref, found)
    return paper.sheet.finish()


class _Paper:
    """The list being drawn."""

    def __init__(self, sheet: Sheet, wave: Any) -> None:
        self.sheet, self.wave = sheet, wave
        self.y = 0.0

    def section(self, title: str, ref: str, stops: Sequence[Stop]) -> None:
        """Draw a list with its head; it begins a page."""
        self._head(title, ref, stops)
        for stop in stops:
            if self.y + ROW > FOOT:
                self._head(title, ref, stops)
            self._row(stop)
        if not stops:
            self.sheet.text(MARGIN, self.y + 6, _("Nothing is left to be picked."), 10)

    def _head(self, title: str, ref: str, stops: Sequence[Stop]) -> None:
        sheet = self.sheet
        sheet.page()
        sheet.text(MARGIN, 20, title, 18, bold=True, room=120)
        house = f"{name_in(self.wave.warehouse_names)} {self.wave.warehouse}".strip()
        units = sum((stop.quantity for stop in stops), NOTHING)
        facts = [
            self.wave.ref if ref else "",
            house,
            _("%(count)s places", count=len(stops)),
            _("%(much)s units", much=i18n.number(units)),
            i18n.full_instant(clock.now()),
        ]
        sheet.text(MARGIN, 26, _(" · ").join(fact for fact in facts if fact), 9, room=130)
        self._code(ref or self.wave.ref)
        self._columns(36.0)

    def _code(self, text: str) -> None:
        bars, wide = codes.code_128(text)
        module = 50.0 / max(wide, 1)
        self.sheet.bars(148, 12, bars, module=module, height=12)
        self.sheet.text(173, 28, text, 9, align="centre")

    def _columns(self, y: float) -> None:
        heads = {
            "place": pgettext("location", "Place"),
            "goods": _("Goods"),
            "lot": _("Lot"),
            "for": _("For"),
        }
        for name, text in heads.items():
            self.sheet.text(COLUMNS[name], y, text, 8, colour=GREY)
        self.sheet.text(COLUMNS["quantity"], y, _("Quantity"), 8, align="right", colour=GREY)
        self.sheet.rule(MARGIN, y + 1.6, 198, y + 1.6, weight=0.3)
        self.y = y + 1.6

    def _row(self, stop: Stop) -> None:
        sheet, row, y = self.sheet, stop.row, self.y + 4.4
        sheet.text(COLUMNS["place"], y + 1, row.location, 12, bold=True, room=29)
        sheet.text(COLUMNS["goods"], y, row.sku, 10, bold=True, room=68)
        sheet.text(COLUMNS["goods"], y + 3.8, words.name_of(_Named(row)), 8, room=68)
        sheet.text(COLUMNS["lot"], y, row.lot or "–", 9, room=30)
        if row.expires_on:
            sheet.text(COLUMNS["lot"], y + 3.8, i18n.day(row.expires_on), 8, room=30)
        amount = i18n.number(stop.quantity)
        sheet.text(COLUMNS["quantity"], y + 1, amount, 13, bold=True, align="right")
        sheet.box(COLUMNS["tick"], y - 2.6, 4.4, 4.4, edge=0.25)
        orders = " ".join(
            f"{ref}×{i18n.number(much)}" if len(stop.orders) > 1 else ref
            for ref, much in stop.orders
        )
        sheet.lines(COLUMNS["for"], y - 0.6, orders, 7, room=26, most=2)
        self.y += ROW
        sheet.rule(MARGIN, self.y, 198, self.y, weight=0.1, colour=0.7)


@dataclass(frozen=True)
class _Named:
    """Goods of a stop, as ``words.name_of`` wants them."""

    row: Any

    @property
    def names(self) -> Any:
        """Return the names by language."""
        return self.row.names

    @property
    def code(self) -> str:
        """Return the code."""
        return str(self.row.sku)
