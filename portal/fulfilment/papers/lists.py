"""A4 papers of an order: the packing list (what is in which carton) and the release note."""

from collections.abc import Mapping, Sequence

from portal.core.pdf import codes
from portal.core.pdf.sheets import A4, Sheet
from portal.documents.papers import flow, frame, marks
from portal.documents.papers.flow import LEFT, RIGHT, Column, Strip
from portal.documents.papers.marks import GREY, INK, LINE, SIGNAL, Brand
from portal.fulfilment.papers.facts import Carton, Party, Released, Row

Words = Mapping[str, str]
TOP, BOTTOM = 34.0, 281.0  # of what a page may hold
_PARTY_H, _HALF = 27.0, (RIGHT - LEFT) / 2


def packing_list(language: str, facts: Released, words: Words, brand: Brand) -> bytes:
    """Return the list of what is in which carton; it goes with the goods."""
    sheet = Sheet(A4, language, title=facts.ref, author=brand.name)
    flowing = [strip for each in facts.cartons for strip in _carton(sheet, each, words)]
    return _drawn(sheet, facts, words, brand, words["packing_list"], flowing)


def release_note(language: str, facts: Released, words: Words, brand: Brand) -> bytes:
    """Return the paper by which the warehouse hands the goods over, to be signed by all three."""
    sheet = Sheet(A4, language, title=facts.ref, author=brand.name)
    rows = [_cells(row) for carton in facts.cartons for row in carton.rows]
    flowing = [
        *flow.table(sheet, _columns(words), rows),
        *flow.table(sheet, _carton_columns(words), [_carton_cells(each) for each in facts.cartons]),
        *flow.prose(sheet, words["note"], facts.note),
        frame.signatures(
            (words["released_by"], words["taken_by"], words["received_by"]), words, height=34.0
        ),
    ]
    return _drawn(sheet, facts, words, brand, words["release_note"], flowing)


def _carton(sheet: Sheet, carton: Carton, words: Words) -> list[Strip]:
    def title(on: Sheet, y: float) -> None:
        named = f"{words['carton']} {carton.number}"
        on.text(LEFT, y + 6.5, named, 11, bold=True, colour=INK)
        said = "  ·  ".join(filter(None, (carton.kind, carton.weight, carton.measures)))
        on.text(LEFT + 30, y + 6.5, said, 8.5, room=70, colour=GREY)
        marks.sscc(on, RIGHT - 62, y + 6.5, carton.sscc, size=9)

    rows = [_cells(row) for row in carton.rows]
    return [Strip(9.0, title), *flow.table(sheet, _columns(words), rows)]


def _columns(words: Words) -> list[Column]:
    return [
        Column(words["goods"], LEFT, 36),
        Column(words["name"], LEFT + 38, 68),
        Column(words["lot"], LEFT + 108, 24),
        Column(words["until"], LEFT + 134, 22),
        Column(words["quantity"], LEFT + 158, 24, "right"),
    ]


def _cells(row: Row) -> list[str]:
    return [row.sku, row.name, row.lot, row.until, row.quantity]


def _carton_columns(words: Words) -> list[Column]:
    return [
        Column(words["carton"], LEFT, 20),
        Column("SSCC", LEFT + 22, 56),
        Column(words["weight"], LEFT + 134, 48, "right"),
    ]


def _carton_cells(carton: Carton) -> list[str]:
    return [str(carton.number), codes.grouped_sscc(carton.sscc), carton.weight]


def _drawn(
    sheet: Sheet,
    facts: Released,
    words: Words,
    brand: Brand,
    title: str,
    flowing: Sequence[Strip],
) -> bytes:
    fixed = [_identity(facts, words), _parties(facts, words), _facts(facts, words)]
    taken = sum(part.height for part in fixed)
    pages = flow.paginate(list(flowing), BOTTOM - TOP - taken, BOTTOM - TOP)
    for number, strips in enumerate(pages, start=1):
        sheet.page()
        _head(sheet, brand, title)
        _foot(sheet, facts, words, (number, len(pages)))
        y = flow.draw(sheet, fixed, TOP) if number == 1 else TOP
        flow.draw(sheet, strips, y)
    return sheet.finish()


def _head(sheet: Sheet, brand: Brand, title: str) -> None:
    marks.flag(sheet, LEFT, 10, 11, colour=SIGNAL)
    sheet.text(LEFT + 13, 15, brand.name, 12, bold=True, room=75, colour=INK)
    said = f"{brand.short}  {brand.phone}  {brand.email}"
    sheet.text(LEFT + 13, 20.4, said, 7.5, room=75, colour=GREY)
    sheet.text(RIGHT, 15.6, title, 17, bold=True, room=88, align="right", colour=INK)
    sheet.box(LEFT, 24, RIGHT - LEFT, 0.9, fill=INK)


def _foot(sheet: Sheet, facts: Released, words: Words, page: tuple[int, int]) -> None:
    sheet.rule(LEFT, 285, RIGHT, 285, weight=0.2, colour=LINE)
    sheet.text(LEFT, 289.6, facts.ref, 8, bold=True, colour=INK)
    sheet.text(RIGHT, 289.6, words["page"].format(*page), 7.5, align="right", colour=GREY)


def _identity(facts: Released, words: Words) -> Strip:
    def paint(sheet: Sheet, y: float) -> None:
        sheet.text(LEFT, y + 7, facts.ref, 19, bold=True, colour=INK)
        about = "  ·  ".join(filter(None, (facts.order_ref, facts.owner)))
        sheet.text(LEFT, y + 14, about, 9, room=100, colour=GREY)
        bars, modules = codes.code_128(facts.ref)
        width = modules * codes.CODE_MODULE_MM
        sheet.bars(RIGHT - width, y + 1, bars, module=codes.CODE_MODULE_MM, height=13)

    return Strip(18.5, paint)


def _parties(facts: Released, words: Words) -> Strip:
    def paint(sheet: Sheet, y: float) -> None:
        sheet.box(LEFT, y, RIGHT - LEFT, _PARTY_H, edge=0.35, colour=INK)
        sheet.rule(LEFT + _HALF, y, LEFT + _HALF, y + _PARTY_H, weight=0.2, colour=LINE)
        _party(sheet, LEFT + 2.5, y, words["from"], facts.warehouse)
        _party(sheet, LEFT + _HALF + 2.5, y, words["to"], facts.consignee)

    return Strip(_PARTY_H + 3, paint)


def _party(sheet: Sheet, x: float, y: float, title: str, party: Party) -> None:
    room = _HALF - 5
    sheet.text(x, y + 4, title, 7, colour=GREY)
    sheet.text(x + room, y + 4.4, party.phone, 9, bold=True, room=50, align="right")
    sheet.text(x, y + 10, party.name or "—", 12, bold=True, room=room)
    at = sheet.lines(x, y + 15.5, party.address, 9.5, room=room, most=2)
    sheet.text(x, at, party.place, 9.5, room=room)


def _facts(facts: Released, words: Words) -> Strip:
    return frame.grid(
        [
            [
                (words["ordered"], facts.ordered),
                (words["ship_by"], facts.ship_by),
                (words["shipped"], facts.shipped),
                (words["service"], facts.service),
            ],
            [
                (words["cartons"], str(len(facts.cartons))),
                (words["weight"], facts.weight),
                (words["consignment"], facts.consignment),
                (words["owner"], facts.owner),
            ],
        ]
    )
