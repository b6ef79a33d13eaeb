"""Fonts inside one document: only the glyphs that it shows, under numbers of its own.

One composite font a face (Type 0, Identity-H) instead of reportlab's many of 256 signs: fewer
objects, no table that a viewer does not need, and a text of any length is one string.
"""

import zlib

from reportlab.pdfbase import pdfdoc

from portal.core.pdf.truetype import UNITS, Face

_CMAP = """/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
{} endcmap CMapName currentdict /CMap defineresource pop end end"""
_MOST = 100  # entries of one section of a CMap
_SYMBOLIC = 4
_QUICKLY = 1  # of 9: outlines hardly become smaller by trying harder


class Embedded:
    """One face in one document; reportlab asks it for its objects when the document ends."""

    def __init__(self, face: Face, number: int) -> None:
        self.face = face
        self.name = f"N{number}"
        self._numbers: dict[int, int] = {0: 0}
        self._signs: dict[int, str] = {}

    def hex(self, glyphs: list[tuple[int, str]]) -> str:
        """Return the codes of glyphs, each with its sign, as PDF shows them."""
        numbers, codes = self._numbers, []
        for glyph, sign in glyphs:
            code = numbers.get(glyph)
            if code is None:
                code = numbers[glyph] = len(numbers)
                self._signs[code] = sign
            codes.append(f"{code:04X}")
        return "".join(codes)

    def addObjects(self, doc: pdfdoc.PDFDocument) -> None:
        """Put the font into ``doc``: its subset, its widths, and what each code means."""
        name = f"{_tag(self._numbers)}+{self.face.name}"
        inner = pdfdoc.PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/CIDFontType2",
                "BaseFont": pdfdoc.PDFName(name),
                "CIDSystemInfo": "<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>",
                "FontDescriptor": doc.Reference(self._descriptor(doc, name)),
                "CIDToGIDMap": "/Identity",
                "DW": UNITS,
                "W": self._widths(),
            }
        )
        doc.idToObject["BasicFonts"].dict[self.name] = pdfdoc.PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/Type0",
                "BaseFont": pdfdoc.PDFName(name),
                "Encoding": "/Identity-H",
                "DescendantFonts": pdfdoc.PDFArray([doc.Reference(inner)]),
                "ToUnicode": doc.Reference(packed(self._meaning().encode("ascii"))),
            }
        )

    def _descriptor(self, doc: pdfdoc.PDFDocument, name: str) -> pdfdoc.PDFDictionary:
        font, face = self.face.subset(list(self._numbers)), self.face
        file = packed(font)
        file.dictionary["Length1"] = len(font)
        return pdfdoc.PDFDictionary(
            {
                "Type": "/FontDescriptor",
                "FontName": pdfdoc.PDFName(name),
                "Flags": _SYMBOLIC,
                "FontBBox": pdfdoc.PDFArray(face.box),
                "ItalicAngle": 0,
                "Ascent": face.ascent,
                "Descent": face.descent,
                "CapHeight": face.cap_height,
                "StemV": 80,
                "FontFile2": doc.Reference(file),
            }
        )

    def _widths(self) -> str:
        return f"[0 [{' '.join(str(self.face.width(glyph)) for glyph in self._numbers)}]]"

    def _meaning(self) -> str:
        entries = [
            f"<{code:04X}> <{sign.encode('utf-16-be').hex()}>" for code, sign in self._signs.items()
        ]
        sections = [entries[n : n + _MOST] for n in range(0, len(entries), _MOST)]
        return _CMAP.format(
            "\n".join(
                f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar" for part in sections
            )
        )


def packed(content: bytes) -> pdfdoc.PDFStream:
    """Return a stream that is compressed already: quickly, at the price of some bytes."""
    dictionary = pdfdoc.PDFDictionary({"Filter": pdfdoc.PDFName("FlateDecode")})
    return pdfdoc.PDFStream(dictionary, zlib.compress(content, _QUICKLY))


def _tag(numbers: dict[int, int]) -> str:
    """Return the six capitals that name a subset; the same glyphs give the same."""
    value = hash(tuple(numbers)) & 0xFFFFFFFF
    return "".join(chr(65 + (value // 26**place) % 26) for place in range(6))
