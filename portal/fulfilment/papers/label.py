"""The A6 label of a carton: where to, whose, which of how many, and its SSCC as GS1-128.

Black on white for thermal printers; bars stand on whole dots of a 203 dpi printer, with ten
modules of white on each side.
"""

from collections.abc import Mapping, Sequence

from portal.core.pdf import codes
from portal.core.pdf.sheets import A6, BLACK, Sheet
from portal.documents.papers import marks
from portal.documents.papers.marks import Brand
from portal.fulfilment.papers.facts import Carton, Released

_LEFT, _RIGHT = 4.0, 101.0
_TO, _FROM, _ORDER, _SSCC = 15.0, 62.0, 78.0, 104.0
_CODE_X = 13.0
Words = Mapping[str, str]


def draw(
    language: str, facts: Released, cartons: Sequence[Carton], words: Words, *, brand: Brand
) -> bytes:
    """Return the labels of ``cartons``, one a page."""
    sheet = Sheet(A6, language, title=facts.ref, author=brand.name)
    for carton in cartons:
        sheet.page()
        _head(sheet, facts, carton, brand)
        _consignee(sheet, facts, words)
        _order(sheet, facts, carton, words)
        _code(sheet, carton)
    return sheet.finish()


def _head(sheet: Sheet, facts: Released, carton: Carton, brand: Brand) -> None:
    marks.flag(sheet, _LEFT, 3.6, 7.4, colour=1.0)
    sheet.text(_LEFT + 9, 7, brand.short, 11, bold=True, room=40)
    sheet.text(_LEFT + 9, 11, f"{brand.phone}  {brand.name}", 6.5, room=44)
    width = marks.plate_width(sheet, facts.service, 11)
    marks.plate(sheet, _RIGHT - width, 3.6, facts.service, size=11, height=7.4)
    for y in (13.0, _FROM - 2, _ORDER - 2, _SSCC - 2):
        sheet.rule(_LEFT, y, _RIGHT, y, weight=0.8 if y == 13.0 else 0.25)
    last = max((each.number for each in facts.cartons), default=carton.number)
    sheet.text(_RIGHT, _ORDER + 11, f"{carton.number}/{last}", 24, bold=True, align="right")


def _consignee(sheet: Sheet, facts: Released, words: Words) -> None:
    to, room = facts.consignee, _RIGHT - _LEFT
    sheet.text(_LEFT, _TO + 1.8, words["to"], 7)
    sheet.text(_RIGHT, _TO + 1.8, to.masked_phone, 9, bold=True, room=50, align="right")
    size = marks.largest(sheet, to.place, room, (26, 22, 18, 14))
    sheet.text(_LEFT, _TO + 12.5, to.place or "—", size, bold=True, room=room)
    y = sheet.lines(_LEFT, _TO + 20, to.name or "—", 13, room=room, most=2, bold=True, leading=1.2)
    sheet.lines(_LEFT, y, to.address, 10.5, room=room, most=4, leading=1.22)
    sheet.text(_LEFT, _FROM + 1.6, words["from"], 7)
    sheet.text(_LEFT, _FROM + 6, facts.owner, 9, bold=True, room=room)
    house = facts.warehouse
    where = " ".join(filter(None, (house.name, house.place, house.address)))
    sheet.lines(_LEFT, _FROM + 10, where, 7, room=room, most=2, leading=1.2)


def _order(sheet: Sheet, facts: Released, carton: Carton, words: Words) -> None:
    bars, _modules = codes.code_128(facts.ref)
    sheet.text(_LEFT, _ORDER + 1.6, words["order"], 7)
    sheet.bars(_LEFT + 4, _ORDER + 3.4, bars, module=codes.CODE_MODULE_MM, height=9.0)
    sheet.text(_LEFT, _ORDER + 17, facts.ref, 11, bold=True, room=40)
    sheet.text(_LEFT + 40, _ORDER + 17, facts.order_ref, 8, room=36)
    said = "  ·  ".join(filter(None, (carton.kind, carton.weight, carton.measures)))
    sheet.text(_LEFT, _ORDER + 21.6, said, 7.5, room=_RIGHT - _LEFT)


def _code(sheet: Sheet, carton: Carton) -> None:
    bars, _modules = codes.gs1_128(carton.sscc)
    sheet.bars(_CODE_X, _SSCC, bars, module=codes.GS1_MODULE_MM, height=32.0)
    marks.sscc(sheet, _CODE_X, _SSCC + 38.5, carton.sscc, size=13, colour=BLACK)
