"""The faces that papers are set in: which one has a sign, how wide a text is, where it breaks."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.pdf import reading
from portal.core.pdf.truetype import UNITS, Face

FOLDER = Path(__file__).parents[2] / "data" / "fonts"
WEIGHTS = {False: "400Regular", True: "700Bold"}
#: Language → families in the order in which they are asked for a sign.
FAMILIES = {
    "zh-Hans": ("SC", "TC", "", "Hebrew", "Arabic"),
    "zh-Hant": ("TC", "SC", "", "Hebrew", "Arabic"),
    "en": ("SC", "TC", "", "Hebrew", "Arabic"),
}
ELLIPSIS = "…"
#: What may not begin a line, and what may not end one.
_CLOSING = frozenset("，。、；：！？）】」』》〉”’…%,.;:!?)]}")
_OPENING = frozenset("（【「『《〈“‘([{")
#: A run of signs of one face, as its glyphs.
Run = tuple[Face, list[tuple[int, str]]]


def missing_files(folder: Path | None = None) -> list[str]:
    """Return the names of font files that are not there."""
    names = {_file(family, bold) for family in FAMILIES["en"] for bold in WEIGHTS}
    return sorted(name for name in names if not ((folder or FOLDER) / name).is_file())


def _file(family: str, bold: bool) -> str:
    return f"NotoSans{family}_{WEIGHTS[bold]}.ttf"


@cache
def _face(path: Path) -> Face:
    return Face(path)


class Typeface:
    """The faces of one language at one weight, tried in their order."""

    def __init__(self, language: str, bold: bool) -> None:
        self.faces = [_face(FOLDER / _file(family, bold)) for family in FAMILIES[language]]
        #: Sign → (face, glyph, width in thousandths of the size).
        self._known: dict[str, tuple[Face, int, int] | None] = {}

    def has(self, sign: str) -> bool:
        """Return whether one of the faces has the sign."""
        return self._found(sign) is not None

    def _found(self, sign: str) -> tuple[Face, int, int] | None:
        try:
            return self._known[sign]
        except KeyError:
            found = self._known[sign] = self._looked_up(sign)
            return found

    def _looked_up(self, sign: str) -> tuple[Face, int, int] | None:
        for face in self.faces:
            if glyph := face.glyph_of(ord(sign)):
                return face, glyph, face.width(glyph)
        return None

    def width(self, text: str, size: float) -> float:
        """Return how wide a visible text is, in the unit of ``size``."""
        return sum(self._width(sign) for sign in text) * size / UNITS

    def _width(self, sign: str) -> int:
        found = self._found(sign)
        return 0 if found is None else found[2]

    def runs(self, text: str) -> Iterator[Run]:
        """Give the runs of a visible text, in the order of the paper."""
        face: Face | None = None
        glyphs: list[tuple[int, str]] = []
        for sign in text:
            found = self._found(sign)
            if found is None:
                continue
            if found[0] is not face:
                if face is not None:
                    yield face, glyphs
                face, glyphs = found[0], []
            glyphs.append((found[1], sign))
        if face is not None:
            yield face, glyphs

    def line(self, text: str, room: float, size: float) -> str:
        """Return what of ``text`` fits in one line of ``room``, with an ellipsis if it is cut."""
        return (self.lines(text, room, size, most=1) or [""])[0]

    def lines(self, text: str, room: float, size: float, *, most: int | None = None) -> list[str]:
        """Return ``text`` broken into lines no wider than ``room``, in the order of the paper.

        ``most`` lines are kept; where there would be more, the last one ends in an ellipsis.
        """
        wanted = text if most is None else text[: _enough(room, size, most)]
        shown = reading.visible(wanted, self.has)
        lines = list(self._broken(shown, room * UNITS / size, most))
        if most is not None and (len(lines) > most or len(wanted) < len(text)):
            lines = lines[:most]
            lines[-1:] = [self._cut(line, room, size) for line in lines[-1:]]
        return [reading.ordered(line) for line in lines]

    def _cut(self, line: str, room: float, size: float) -> str:
        spare = room - self.width(ELLIPSIS, size)
        while line and self.width(line, size) > spare:
            line = line[:-1]
        return line.rstrip() + ELLIPSIS

    def _broken(self, text: str, room: float, most: int | None) -> Iterator[str]:
        start, count = 0, 0
        while start < len(text) and (most is None or count <= most):
            end = self._end(text, start, room)
            yield text[start:end].rstrip()
            start, count = end, count + 1
            while start < len(text) and text[start] == " ":
                start += 1

    def _end(self, text: str, start: int, room: float) -> int:
        """Return where a line that begins at ``start`` ends: at least one sign further."""
        used = 0.0
        for n in range(start, len(text)):
            used += self._width(text[n])
            if used > room and text[n] != " " and n > start:
                return _break(text, start, n)
        return len(text)


def _enough(room: float, size: float, most: int) -> int:
    """Return how many signs are surely more than fit: the narrowest take a fifth of their size."""
    return int(most * room / (size * 0.2)) + 20


def _break(text: str, start: int, n: int) -> int:
    """Return where to break before ``n`` at the latest: between words, between Han."""
    for at in range(n, max(start, n - 60), -1):
        if _may_break(text[at - 1], text[at]):
            return at
    return n


def _may_break(left: str, right: str) -> bool:
    if left == " ":
        return True
    if right in _CLOSING or left in _OPENING:
        return False
    return _is_wide(left) or _is_wide(right) or left in "-/"


def _is_wide(sign: str) -> bool:
    return sign >= "\u2e80" and not "\ufb00" <= sign <= "\ufefc"


@cache
def typeface(language: str, *, bold: bool = False) -> Typeface:
    """Return the typeface of a language (any other is set as English).

    Raises Refused, with a sentence for people, while font files are missing.
    """
    if missing_files():
        raise Refused(
            _l("Papers cannot be printed: font files are missing here. Please tell the centre.")
        )
    return Typeface(language if language in FAMILIES else "en", bold)
