"""From facts to a file: one paper, or many in one file."""

from collections.abc import Mapping, Sequence

from portal.core.pdf.sheets import Sheet
from portal.documents.facts import Facts
from portal.documents.papers import delivery_note, frame, label, packing_list, waybill
from portal.documents.papers.marks import Brand
from portal.documents.papers.proof import Proof
from portal.documents.rules import Paper

#: Raise it when papers look different: readers then fetch them anew.
VERSION = 1
Words = Mapping[str, str]


class Drawing:
    """A document of one kind of paper, in one language, for one or many consignments."""

    def __init__(self, paper: Paper, language: str, words: Words, brand: Brand) -> None:
        self._paper, self._words, self._brand = paper, words, brand
        begin = label.begin if paper is Paper.LABEL else frame.begin
        self._sheet: Sheet = begin(language, brand.name, brand)

    @property
    def pages(self) -> int:
        """How many pages it has."""
        return self._sheet.pages

    def add(self, many: Sequence[Facts], proof: Proof | None = None) -> None:
        """Draw the papers of some consignments."""
        for facts in many:
            self._draw(facts, proof)

    def _draw(self, facts: Facts, proof: Proof | None) -> None:
        sheet, words, brand = self._sheet, self._words, self._brand
        if self._paper is Paper.LABEL:
            label.draw(sheet, facts, words, brand)
        elif self._paper is Paper.WAYBILL:
            waybill.draw(sheet, facts, words, brand)
        elif self._paper is Paper.PACKING_LIST:
            packing_list.draw(sheet, facts, words, brand)
        else:
            delivery_note.draw(sheet, facts, words, brand, proof=proof)

    def finish(self) -> bytes:
        """End the document and return the file."""
        return self._sheet.finish()
