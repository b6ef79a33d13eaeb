"""TrueType files, read where they lie: of ten megabytes a paper needs some kilobytes.

reportlab's own reader takes 24 MB and 60 ms a face; this one maps the file and looks up what
is asked for. Only what Noto Sans has is read: cmap formats 4 and 12, 1 000 units an em.
"""

import mmap
from bisect import bisect_right
from pathlib import Path
from struct import pack, unpack_from

UNITS = 1000  # of an em: PDF counts in the same
_MORE, _WORDS = 0x20, 0x01
#: Flag of a component → bytes of its scale.
_SCALES = ((0x08, 2), (0x40, 4), (0x80, 8))
#: Tables of a subset that are copied as they are.
_COPIED = ("cvt ", "fpgm", "prep")


class BadFont(Exception):
    """A font file is not what we can embed; the text says why."""


class Face:
    """One TrueType file.

    ``ascent``, ``descent``, ``cap_height`` and ``box`` are in units of the em.
    """

    def __init__(self, path: Path) -> None:
        self.name = path.stem
        with path.open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if self._data[:4] != b"\0\1\0\0":
            raise BadFont(f"{path} is not a TrueType font.")
        self._tables = self._directory()
        head, hhea = self._tables["head"][0], self._tables["hhea"][0]
        if unpack_from(">H", self._data, head + 18)[0] != UNITS:
            raise BadFont(f"{path} does not count {UNITS} units an em.")
        self.box: tuple[int, ...] = unpack_from(">4h", self._data, head + 36)
        self.ascent, self.descent = unpack_from(">2h", self._data, hhea + 4)
        self.cap_height: int = unpack_from(">h", self._data, self._tables["OS/2"][0] + 88)[0]
        self._advances: int = unpack_from(">H", self._data, hhea + 34)[0]
        self._is_long = bool(unpack_from(">h", self._data, head + 50)[0])
        self._starts, self._groups = self._characters()

    def _directory(self) -> dict[str, tuple[int, int]]:
        found = {}
        for n in range(unpack_from(">H", self._data, 4)[0]):
            tag, _, offset, length = unpack_from(">4sLLL", self._data, 12 + 16 * n)
            found[tag.decode("ascii")] = (offset, length)
        return found

    def _characters(self) -> tuple[list[int], list[tuple[int, int]]]:
        """Return the first character of each run, and (last character, its first glyph).

        Raises BadFont where there is no Unicode table that we read.
        """
        start = self._tables["cmap"][0]
        formats = {}
        for n in range(unpack_from(">H", self._data, start + 2)[0]):
            platform, _, offset = unpack_from(">HHL", self._data, start + 4 + 8 * n)
            if platform in (0, 3):
                formats[unpack_from(">H", self._data, start + offset)[0]] = start + offset
        if 12 in formats:
            runs = self._runs_of_12(formats[12])
        elif 4 in formats:
            runs = self._runs_of_4(formats[4])
        else:
            raise BadFont(f"{self.name} has no table of Unicode characters that we read.")
        runs.sort()
        return [run[0] for run in runs], [run[1:] for run in runs]

    def _runs_of_12(self, at: int) -> list[tuple[int, int, int]]:
        count = unpack_from(">L", self._data, at + 12)[0]
        numbers = unpack_from(f">{count * 3}L", self._data, at + 16)
        return list(zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True))

    def _runs_of_4(self, at: int) -> list[tuple[int, int, int]]:
        count = unpack_from(">H", self._data, at + 6)[0] // 2
        columns = [at + 14, at + 16 + 2 * count, at + 16 + 4 * count, at + 16 + 6 * count]
        ends, starts, deltas, offsets = (
            unpack_from(f">{count}H", self._data, column) for column in columns
        )
        runs = []
        for n in range(count):
            for code in range(starts[n], ends[n] + 1):
                glyph = code
                if offsets[n]:
                    place = columns[3] + 2 * n + offsets[n] + 2 * (code - starts[n])
                    glyph = unpack_from(">H", self._data, place)[0]
                    if glyph == 0:
                        continue
                runs.append((code, code, (glyph + deltas[n]) & 0xFFFF))
        return runs

    def glyph_of(self, code: int) -> int:
        """Return the glyph of a character; 0 where the font has none."""
        n = bisect_right(self._starts, code) - 1
        if n < 0:
            return 0
        last, glyph = self._groups[n]
        return glyph + code - self._starts[n] if code <= last else 0

    def width(self, glyph: int) -> int:
        """Return the advance of a glyph, in units of the em."""
        return self._metrics(glyph)[0]

    def _metrics(self, glyph: int) -> tuple[int, int]:
        start, full = self._tables["hmtx"][0], self._advances
        if glyph < full:
            advance, bearing = unpack_from(">Hh", self._data, start + 4 * glyph)
            return advance, bearing
        advance = unpack_from(">H", self._data, start + 4 * (full - 1))[0]
        bearing = unpack_from(">h", self._data, start + 4 * full + 2 * (glyph - full))[0]
        return advance, bearing

    def _outline(self, glyph: int) -> bytes:
        start = self._tables["loca"][0]
        if self._is_long:
            first, last = unpack_from(">2L", self._data, start + 4 * glyph)
        else:
            first, last = (2 * n for n in unpack_from(">2H", self._data, start + 2 * glyph))
        at = self._tables["glyf"][0]
        return self._data[at + first : at + last]

    def subset(self, glyphs: list[int]) -> bytes:
        """Return a font file with these glyphs, numbered as they stand in the list.

        Parts of composed glyphs are put behind them.
        """
        order = list(glyphs)
        places = {glyph: n for n, glyph in enumerate(order)}
        outlines, n = [], 0
        while n < len(order):
            outlines.append(_renumbered(self._outline(order[n]), order, places))
            n += 1
        offsets, at = [0], 0
        for n, outline in enumerate(outlines):
            if len(outline) % 4:
                outlines[n] = outline = outline + b"\0" * (-len(outline) % 4)
            offsets.append(at := at + len(outline))
        metrics = [number for glyph in order for number in self._metrics(glyph)]
        count = len(order)
        tables = {
            "glyf": b"".join(outlines),
            "head": self._changed("head", 50, 1),
            "hhea": self._changed("hhea", 34, count),
            "hmtx": pack(">" + "Hh" * count, *metrics),
            "loca": pack(f">{count + 1}L", *offsets),
            "maxp": self._changed("maxp", 4, count),
        }
        return _file(tables | {tag: self._table(tag) for tag in _COPIED if tag in self._tables})

    def _table(self, tag: str) -> bytes:
        offset, length = self._tables[tag]
        return self._data[offset : offset + length]

    def _changed(self, tag: str, offset: int, value: int) -> bytes:
        table = self._table(tag)
        return table[:offset] + pack(">H", value) + table[offset + 2 :]


def _renumbered(outline: bytes, order: list[int], places: dict[int, int]) -> bytes:
    """Return an outline whose parts, if it is composed, go by their numbers in the subset."""
    if len(outline) < 10 or outline[0] < 0x80:  # not negative: it has contours of its own
        return outline
    changed, at, flags = bytearray(outline), 10, _MORE
    while flags & _MORE:
        flags, part = unpack_from(">HH", changed, at)
        if part not in places:
            places[part] = len(order)
            order.append(part)
        changed[at + 2 : at + 4] = pack(">H", places[part])
        at += 8 if flags & _WORDS else 6
        at += next((size for flag, size in _SCALES if flags & flag), 0)
    return bytes(changed)


def _file(tables: dict[str, bytes]) -> bytes:
    """Return a font file of these tables. Checksums stay 0: readers of PDFs ignore them."""
    count = len(tables)
    power = count.bit_length() - 1
    search = 16 << power
    parts = [pack(">LHHHH", 0x00010000, count, search, power, 16 * count - search)]
    at = 12 + 16 * count
    bodies = []
    for tag in sorted(tables):
        body = tables[tag]
        parts.append(pack(">4sLLL", tag.encode("ascii"), 0, at, len(body)))
        padded = body + b"\0" * (-len(body) % 4)
        bodies.append(padded)
        at += len(padded)
    return b"".join(parts + bodies)
