"""Sheets of paper: one document, measured in millimetres from the upper left corner.

Sizes of type are in points, as printers think. Everything is drawn in words of the PDF language
on reportlab's canvas; what stands on every page is drawn once, as a form.
"""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from reportlab import rl_config
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from portal.core.pdf import codes
from portal.core.pdf.embedding import Embedded, packed
from portal.core.pdf.truetype import Face
from portal.core.pdf.typefaces import Typeface, typeface

MM = 72 / 25.4  # points
A4 = (210.0, 297.0)  # mm
A6 = (105.0, 148.0)
#: A shade from black (0.0) to white (1.0), or red, green and blue.
Colour = float | tuple[float, float, float]
BLACK, WHITE = 0.0, 1.0
LEADING = 1.32  # of the size, from line to line
rl_config.useA85 = 0  # PDFs are not mailed as text any more: a quarter less, and faster


class _Canvas(Canvas):
    """reportlab's canvas without the font that it would name on every page."""

    def _make_preamble(self) -> None:
        self._preamble = ""


class Sheet:
    """One document being drawn. Begin each page by ``page()``, end with ``finish()``.

    ``size`` is (width, height) in mm. The same content gives the same bytes.
    """

    def __init__(
        self, size: tuple[float, float], language: str, *, title: str, author: str = ""
    ) -> None:
        self.width, self.height = size
        self.language = language
        self.pages = 0
        self._faces = {bold: typeface(language, bold=bold) for bold in (False, True)}
        self._file = io.BytesIO()
        points = (self.width * MM, self.height * MM)
        self._canvas = _Canvas(
            self._file, pagesize=points, pageCompression=1, invariant=1, lang=language
        )
        plain = self._faces[False]
        self._canvas.setTitle("".join(plain.lines(title, 1e6, 1, most=1)))
        self._canvas.setAuthor(author)
        self._canvas.setCreator("Quayside")
        self._canvas.setPageCallBack(self._pack)
        self._fonts: dict[Face, Embedded] = {}
        self._forms: set[str] = set()
        self._ops: list[str] = []
        self._is_open = False

    def face(self, *, bold: bool = False) -> Typeface:
        """Return a typeface of this document, to measure and break texts with."""
        return self._faces[bold]

    # Pages

    def page(self) -> None:
        """Begin a page."""
        self._end_page()
        self._is_open = True
        self.pages += 1

    def _end_page(self) -> None:
        if self._is_open:
            self._flush()
            self._canvas.showPage()
            self._is_open = False

    def _flush(self) -> None:
        self._canvas.addLiteral("\n".join(self._ops))
        self._ops.clear()

    def _pack(self, _number: int) -> None:
        """Compress what was drawn at once: five thousand pages are kept until the end."""
        page = self._canvas._doc.Pages.pages[-1]
        page.Contents = packed(page.stream.encode("latin-1"))
        page.stream = None

    @contextmanager
    def form(self, name: str) -> Iterator[bool]:
        """Draw what stands on many pages, once a document; then ``stamp(name)`` it on each.

        Gives False, and draws nothing, where it was drawn before.
        """
        if name in self._forms:
            yield False
            return
        kept, self._ops = self._ops, []
        self._canvas.beginForm(name)
        yield True
        self._flush()
        self._canvas.endForm()
        self._ops = kept
        self._forms.add(name)

    def stamp(self, name: str) -> None:
        """Put a form on the page."""
        self._flush()
        self._canvas.doForm(name)

    def finish(self) -> bytes:
        """End the document and return the file."""
        self._end_page()
        self._canvas.save()
        return self._file.getvalue()

    # Words

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float,
        *,
        bold: bool = False,
        room: float | None = None,
        align: str = "left",
        colour: Colour = BLACK,
    ) -> float:
        """Write one line, its base line at ``y``; return how wide it is, in mm.

        What is wider than ``room`` ends in an ellipsis. ``align`` is the side of ``x`` at which
        it ends: left, right or centre.
        """
        face = self._faces[bold]
        shown = face.line(words, 1e6 if room is None else room * MM, size)
        return self._line(x, y, shown, size, face=face, align=align, colour=colour)

    def _line(
        self,
        x: float,
        y: float,
        shown: str,
        size: float,
        *,
        face: Typeface,
        align: str = "left",
        colour: Colour = BLACK,
    ) -> float:
        if not shown:
            return 0.0
        width = face.width(shown, size) / MM
        left = x - {"left": 0.0, "right": width, "centre": width / 2}[align]
        place = f"{left * MM:.2f} {(self.height - y) * MM:.2f} Td"
        parts = [f"BT {_colour(colour, 'g', 'rg')} {place}"]
        for one, glyphs in face.runs(shown):
            font = self._embedded(one)
            parts.append(f"/{font.name} {size:g} Tf <{font.hex(glyphs)}> Tj")
        self._ops.append(" ".join([*parts, "ET"]))
        return width

    def _embedded(self, face: Face) -> Embedded:
        font = self._fonts.get(face)
        if font is None:
            font = self._fonts[face] = Embedded(face, len(self._fonts))
            self._canvas._doc.delayedFonts.append(font)
        return font

    def lines(
        self,
        x: float,
        y: float,
        words: str,
        size: float,
        *,
        room: float,
        most: int | None = None,
        bold: bool = False,
        leading: float = LEADING,
        colour: Colour = BLACK,
    ) -> float:
        """Write ``words`` in as many lines as they take, at most ``most``, from base line ``y`` on.

        Returns the base line that would come next.
        """
        face = self._faces[bold]
        for line in face.lines(words, room * MM, size, most=most):
            self._line(x, y, line, size, face=face, colour=colour)
            y += size * leading / MM
        return y

    def set_line(
        self, x: float, y: float, shown: str, size: float, *, align: str = "left"
    ) -> float:
        """Write a line that ``face().lines`` has made; return how wide it is, in mm."""
        return self._line(x, y, shown, size, face=self._faces[False], align=align)

    # Lines and areas

    def rule(
        self,
        x: float,
        y: float,
        x2: float,
        y2: float,
        *,
        weight: float = 0.2,
        colour: Colour = BLACK,
    ) -> None:
        """Draw a straight line, ``weight`` mm thick."""
        self._ops.append(
            f"{weight * MM:.2f} w {_colour(colour, 'G', 'RG')} "
            f"{self._point(x, y)} m {self._point(x2, y2)} l S"
        )

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: Colour | None = None,
        edge: float = 0.0,
        colour: Colour = BLACK,
    ) -> None:
        """Draw a rectangle: filled, or with an ``edge`` of so many mm inside it, or both."""
        if fill is not None:
            area = f"{self._point(x, y + height)} {width * MM:.2f} {height * MM:.2f} re f"
            self._ops.append(f"{_colour(fill, 'g', 'rg')} {area}")
        if edge:
            corner = self._point(x + edge / 2, y + height - edge / 2)
            size = f"{(width - edge) * MM:.2f} {(height - edge) * MM:.2f}"
            self._ops.append(f"{edge * MM:.2f} w {_colour(colour, 'G', 'RG')} {corner} {size} re S")

    def shape(self, points: Sequence[tuple[float, float]], *, fill: Colour = BLACK) -> None:
        """Fill an area with straight edges."""
        first, *others = [self._point(x, y) for x, y in points]
        way = " ".join([f"{first} m", *(f"{point} l" for point in others)])
        self._ops.append(f"{_colour(fill, 'g', 'rg')} {way} h f")

    def _point(self, x: float, y: float) -> str:
        return f"{x * MM:.2f} {(self.height - y) * MM:.2f}"

    def picture(self, x: float, y: float, jpeg: bytes, size: tuple[float, float]) -> None:
        """Draw a JPEG, ``size`` (width, height) mm large, from its upper left corner."""
        self._flush()
        width, height = size[0] * MM, size[1] * MM
        image = ImageReader(io.BytesIO(jpeg))
        self._canvas.drawImage(image, x * MM, (self.height - y) * MM - height, width, height)

    # Codes

    def bars(self, x: float, y: float, bars: codes.Bars, *, module: float, height: float) -> None:
        """Draw bars of ``module`` mm, the first at ``x``, from ``y`` down, as one path."""
        path = " ".join(f"{at} 0 {wide} 1 re" for at, wide in bars)
        self._scaled(x, y + height, module, height, path)

    def cells(self, x: float, y: float, cells: codes.Cells, *, side: int, module: float) -> None:
        """Draw a square code of ``side`` modules of ``module`` mm as one path."""
        path = " ".join(f"{column} {side - row - 1} {wide} 1 re" for column, row, wide in cells)
        self._scaled(x, y + side * module, module, module, path)

    def _scaled(self, x: float, y: float, unit_x: float, unit_y: float, path: str) -> None:
        move = f"{x * MM:.4f} {(self.height - y) * MM:.4f}"
        self._ops.append(f"q 0 g {unit_x * MM:.5f} 0 0 {unit_y * MM:.5f} {move} cm {path} f Q")


def _colour(colour: Colour, grey: str, rgb: str) -> str:
    if isinstance(colour, tuple):
        return f"{colour[0]:.3f} {colour[1]:.3f} {colour[2]:.3f} {rgb}"
    return f"{colour:g} {grey}"
