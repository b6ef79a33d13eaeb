"""The A6 label, one a piece: black on white, since thermal printers know no other colour.

From the top: brand and service, the destination in large, the consignee beside the QR code,
the consignor, care, the number of the consignment, the SSCC of the piece. All bars stand on the
dots of a 203 dpi printer, with ten modules of white on each side.
"""

from collections.abc import Mapping, Sequence

from portal.core import gs1
from portal.core.pdf import codes
from portal.core.pdf.sheets import A6, BLACK, MM, Sheet
from portal.documents.facts import Facts, Unit
from portal.documents.papers import marks
from portal.documents.papers.marks import Brand

_LEFT, _RIGHT = 4.0, 101.0
_ROUTE, _PARTY, _FROM, _CARE, _NUMBER, _PIECE = 14.0, 39.0, 73.0, 84.0, 94.0, 117.0
_CODE_X = 13.0  # of the first bar: whole dots, and quiet to the edge
_QR_X = 76.0
_SERVICE, _GAP = 42.0, 1.5
Words = Mapping[str, str]


def begin(language: str, title: str, brand: Brand) -> Sheet:
    """Return an empty document of labels."""
    return Sheet(A6, language, title=title, author=brand.name)


def draw(sheet: Sheet, facts: Facts, words: Words, brand: Brand) -> int:
    """Draw the labels of a consignment; return how many."""
    for n, unit in enumerate(facts.units, start=1):
        sheet.page()
        with sheet.form("label") as is_new:
            if is_new:
                _form(sheet, words, brand)
        sheet.stamp("label")
        _service(sheet, facts)
        _route(sheet, facts, n)
        _consignee(sheet, facts, words)
        _consignor(sheet, facts)
        _care(sheet, facts, unit, words)
        _number(sheet, facts, words)
        _piece(sheet, unit, words)
    return len(facts.units)


def _form(sheet: Sheet, words: Words, brand: Brand) -> None:
    """Draw what stands on every label."""
    marks.flag(sheet, _LEFT, 3.6, 7.4, colour=1.0)
    sheet.text(_LEFT + 9, 7, brand.short, 11, bold=True, room=40)
    sheet.text(_LEFT + 9, 11, f"{brand.phone}  {brand.name}", 6.5, room=44)
    sheet.rule(_LEFT, 13, _RIGHT, 13, weight=0.8)
    for y in (_PARTY - 2, _FROM - 2, _CARE - 2, _NUMBER - 1.5, _PIECE - 1.5):
        sheet.rule(_LEFT, y, _RIGHT, y, weight=0.25)
    sheet.rule(_QR_X - 2, _ROUTE - 1, _QR_X - 2, _FROM - 2, weight=0.25)
    sheet.text(_LEFT, _PARTY + 1.6, words["to"], 7)
    sheet.text(_LEFT, _FROM + 1.2, words["from"], 7)
    sheet.text(_QR_X, _ROUTE + 2.6, words["piece"], 7)
    sheet.text(_QR_X + 12.5, _PARTY + 26.5, words["scan"], 7, room=24, align="centre")
    arrow = [(_LEFT, _ROUTE + 0.4), (_LEFT + 2.4, _ROUTE + 1.8), (_LEFT, _ROUTE + 3.2)]
    sheet.shape(arrow)


def _service(sheet: Sheet, facts: Facts) -> None:
    words = [facts.service_name]
    size = _fitting(sheet, words, _SERVICE, (13, 11, 9, 7))
    width = marks.plate_width(sheet, words[0], size)
    marks.plate(sheet, _RIGHT - width, 3.6, words[0], size=size, height=7.4)


def _route(sheet: Sheet, facts: Facts, n: int) -> None:
    """Draw where it goes: the country abroad, the city as large as it fits."""
    to, room = facts.consignee, _QR_X - 4 - _LEFT
    sheet.text(_LEFT + 3.4, _ROUTE + 3, facts.consignor.city or "—", 9, room=room - 3.4)
    x = _LEFT
    if to.country:
        x += marks.plate(sheet, x, _ROUTE + 6, to.country, size=26, height=12.5) + 2.5
    city = to.city or "—"
    _city(sheet, x, city)
    fraction = f"{n}/{len(facts.units)}"
    size = marks.largest(sheet, fraction, _RIGHT - _QR_X, (27, 21, 16, 13))
    sheet.text(_RIGHT, _ROUTE + 13, fraction, size, bold=True, align="right")
    sheet.text(_RIGHT, _ROUTE + 20, facts.order_ref, 7, room=24, align="right")


def _city(sheet: Sheet, x: float, city: str) -> None:
    room = _QR_X - 4 - x
    size = marks.largest(sheet, city, room, (34, 28, 23, 18))
    face = sheet.face(bold=True)
    lines = 1 if face.width(city[:80], size) <= room * MM else 2
    sheet.lines(
        x, _ROUTE + (17 if lines == 1 else 11.5), city, size if lines == 1 else 15,
        room=room, most=lines, bold=True, leading=1.2,
    )  # fmt: skip


def _fitting(sheet: Sheet, plates: Sequence[str], room: float, sizes: Sequence[float]) -> float:
    """Return the largest of ``sizes`` (falling) at which plates stand side by side."""

    def width(size: float) -> float:
        return sum(marks.plate_width(sheet, words, size) + _GAP for words in plates)

    return next((size for size in sizes if width(size) <= room), sizes[-1])


def _consignee(sheet: Sheet, facts: Facts, words: Words) -> None:
    to, room = facts.consignee, _QR_X - 4 - _LEFT
    marks.qr(sheet, _RIGHT - 1.0, _PARTY + 1.5, facts.track_url, room=22.0)
    y = sheet.lines(
        _LEFT, _PARTY + 7.6, to.name or "—", 14, room=room, most=2, bold=True, leading=1.2
    )
    sheet.text(
        _QR_X - 4, _PARTY + 1.6, to.masked_phone, 9, bold=True, room=room - 12, align="right"
    )
    end = _FROM - (4.0 if to.place else 1.0)
    left = int((end - y) / (10.5 * 1.22 / MM))
    y = sheet.lines(_LEFT, y, to.address, 10.5, room=room, most=max(left, 1), leading=1.22)
    sheet.text(_LEFT, min(y, _FROM - 3.2), to.place, 9, room=room)


def _consignor(sheet: Sheet, facts: Facts) -> None:
    sender = facts.consignor
    sheet.text(_LEFT + 8, _FROM + 1.2, sender.name, 8, bold=True, room=_RIGHT - _LEFT - 8)
    where = " ".join(filter(None, (sender.place, sender.address)))
    sheet.lines(_LEFT + 8, _FROM + 4.8, where, 7, room=_RIGHT - _LEFT - 8, most=2, leading=1.2)


def _care(sheet: Sheet, facts: Facts, unit: Unit, words: Words) -> None:
    """Draw what whoever carries it must know: money to take, cold, danger; then weight and size."""
    x = _LEFT
    said = [
        f"{words['cod']} {facts.cod}" if facts.cod else "",
        " ".join(filter(None, (words["cold"], facts.temperature))) if facts.is_cold else "",
        words["dangerous"] if facts.is_dangerous else "",
    ]
    shown = [part for part in said if part]
    size = _fitting(sheet, shown, _RIGHT - _LEFT, (10, 9, 8, 7, 6))
    for part in shown:
        x += marks.plate(sheet, x, _CARE - 0.6, part, size=size, height=7.2) + _GAP
    free = _RIGHT - x
    if free > 15:
        sheet.text(_RIGHT, _CARE + 4.2, unit.goods, 8, room=free, align="right")


def _number(sheet: Sheet, facts: Facts, words: Words) -> None:
    marks.number_code(sheet, _CODE_X, _NUMBER, facts.no, height=13.0)
    marks.number(sheet, _CODE_X, _NUMBER + 18.6, facts.no, size=12)
    planned = f"{words['planned_delivery']}  {facts.delivery}" if facts.delivery else ""
    sheet.text(_RIGHT, _NUMBER + 18.6, planned, 7, room=46, align="right")


def _piece(sheet: Sheet, unit: Unit, words: Words) -> None:
    if not gs1.is_sscc(unit.sscc):
        sheet.text(_LEFT, _PIECE + 8, unit.sscc, 12, bold=True, room=_RIGHT - _LEFT)
        sheet.lines(_LEFT, _PIECE + 14, words["bad_code"], 8, room=_RIGHT - _LEFT, most=2)
        return
    bars, _modules = codes.gs1_128(unit.sscc)
    sheet.bars(_CODE_X, _PIECE, bars, module=codes.GS1_MODULE_MM, height=22.0)
    marks.sscc(sheet, _CODE_X, _PIECE + 27.4, unit.sscc, size=12, colour=BLACK)
    sheet.text(_RIGHT, _PIECE + 25.4, unit.weight, 9, bold=True, room=30, align="right")
    sheet.text(_RIGHT, _PIECE + 28.6, unit.measures, 6.5, room=30, align="right")
