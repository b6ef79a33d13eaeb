"""The packing list: what is in which piece, with totals; it goes with the goods."""

from portal.core.pdf.sheets import Sheet
from portal.documents.facts import Facts
from portal.documents.papers import flow, frame, waybill
from portal.documents.papers.frame import Layout, Words
from portal.documents.papers.marks import Brand


def draw(sheet: Sheet, facts: Facts, words: Words, brand: Brand) -> int:
    """Draw the packing list of a consignment; return how many pages."""
    flowing = [
        *flow.table(sheet, waybill.piece_columns(words), waybill.piece_rows(facts)),
        *flow.prose(sheet, words["note"], facts.note),
        *frame.parties_in_full(sheet, facts, words),
    ]
    fixed = [
        frame.identity(facts, words),
        frame.parties(facts, words),
        frame.grid(
            [
                [
                    (words["pieces"], str(len(facts.units))),
                    (words["gross"], facts.gross),
                    (words["volume"], facts.volume),
                    (words["ordered"], facts.ordered),
                ]
            ]
        ),
    ]
    layout = Layout(words["packing_list"], facts, words, brand, fixed, flowing)
    return frame.draw(sheet, layout)
