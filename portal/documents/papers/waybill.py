"""The waybill: A4, three copies, every piece with its SSCC, boxes to sign in."""

from portal.core.pdf.sheets import Sheet
from portal.documents.facts import Facts
from portal.documents.papers import flow, frame, marks
from portal.documents.papers.flow import LEFT, RIGHT, Column
from portal.documents.papers.frame import Layout, Words
from portal.documents.papers.marks import Brand

COPIES = ("consignor", "carrier", "consignee")


def draw(sheet: Sheet, facts: Facts, words: Words, brand: Brand) -> int:
    """Draw the waybill of a consignment; return how many pages."""
    copies = [
        words["copy"].format(n, words[f"copy_{reader}"]) for n, reader in enumerate(COPIES, start=1)
    ]
    return frame.draw(sheet, _layout(sheet, facts, words, brand), copies)


def _layout(sheet: Sheet, facts: Facts, words: Words, brand: Brand) -> Layout:
    flowing = [
        *flow.table(sheet, piece_columns(words), piece_rows(facts)),
        *flow.prose(sheet, words["note"], facts.note),
        *frame.parties_in_full(sheet, facts, words),
        frame.signatures([words[n] for n in ("handed_over", "taken_over", "received")], words),
    ]
    fixed = [
        frame.identity(facts, words),
        frame.parties(facts, words),
        frame.grid(_cells(facts, words)),
    ]
    return Layout(words["waybill"], facts, words, brand, fixed, flowing)


def _pickup(facts: Facts, words: Words) -> frame.Cell:
    """Say what happened, or else what is planned; never one in the place of the other."""
    name = "picked_up" if facts.pickup else "planned_pickup"
    return words[name], facts.pickup or facts.planned_pickup


def _cells(facts: Facts, words: Words) -> list[list[frame.Cell]]:
    none = words["none"]
    return [
        [
            (words["ordered"], facts.ordered),
            _pickup(facts, words),
            (words["planned_delivery"], facts.delivery),
        ],
        [
            (words["service"], facts.service_name),
            (words["payer"], facts.payer),
            (words["window"], facts.window),
        ],
        [
            (words["cod"], facts.cod or none),
            (words["declared"], facts.declared or none),
            (words["insurance"], facts.insurance or none),
            (words["freight"], facts.freight),
        ],
        [
            (words["gross"], facts.gross),
            (words["chargeable"], facts.chargeable),
            (words["volume"], facts.volume),
            (words["pieces"], str(len(facts.units))),
        ],
    ]


def piece_columns(words: Words) -> list[Column]:
    """Return the columns of a table of pieces."""
    return [
        Column("#", LEFT, 7),
        Column("SSCC", LEFT + 8, 57, paint=_painted),
        Column(words["goods"], LEFT + 68, 44),
        Column(words["quantity"], LEFT + 113, 18, "right"),
        Column(words["weight"], LEFT + 132, 18, "right"),
        Column(words["measures"], LEFT + 152, RIGHT - LEFT - 152, "right"),
    ]


def _painted(sheet: Sheet, x: float, y: float, code: str) -> float:
    if not code:
        return x
    if len(code) != 18:
        return x + sheet.text(x, y, code, 8.5, room=57)
    return marks.sscc(sheet, x, y, code, size=9)


def piece_rows(facts: Facts) -> list[tuple[str, ...]]:
    """Return the rows of a table of pieces."""
    return [
        (str(n), unit.sscc, unit.goods, unit.quantity, unit.weight, unit.measures)
        for n, unit in enumerate(facts.units, start=1)
    ]
