"""The delivery note: signed where the goods arrive; once they are delivered, the proof of it."""

from portal.core.pdf.sheets import Sheet
from portal.documents.facts import Facts
from portal.documents.papers import flow, frame, waybill
from portal.documents.papers.flow import Strip
from portal.documents.papers.frame import Layout, Words
from portal.documents.papers.marks import Brand
from portal.documents.papers.proof import Proof, proven


def draw(
    sheet: Sheet, facts: Facts, words: Words, brand: Brand, *, proof: Proof | None = None
) -> int:
    """Draw the delivery note of a consignment; return how many pages.

    ``proof`` is what is known of the delivery; None: it is still to be signed.
    """
    flowing = [
        *flow.table(sheet, waybill.piece_columns(words), waybill.piece_rows(facts)),
        *flow.prose(sheet, words["note"], facts.note),
        *frame.parties_in_full(sheet, facts, words),
        *(proven(sheet, proof, words) if proof else _to_sign(words)),
    ]
    title = words["proof"] if proof else words["delivery_note"]
    fixed = [frame.identity(facts, words), frame.parties(facts, words), _times(facts, words)]
    return frame.draw(sheet, Layout(title, facts, words, brand, fixed, flowing))


def _times(facts: Facts, words: Words) -> Strip:
    return frame.grid(
        [
            [
                (words["planned_delivery"], facts.delivery),
                (words["window"], facts.window),
                (words["delivered"], facts.delivered),
            ],
            [
                (words["cod"], facts.cod or words["none"]),
                (words["gross"], facts.gross),
                (words["pieces"], str(len(facts.units))),
            ],
        ]
    )


def _to_sign(words: Words) -> list[Strip]:
    return [
        frame.signatures([words["received"], words["remarks"]], words, height=46),
    ]
