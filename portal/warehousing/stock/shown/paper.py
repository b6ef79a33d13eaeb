"""The certificate of stock as PDF: A4 sheets, a table, a code that leads to its proof."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from flask import Response

from portal.core import clock, i18n, look
from portal.core.aside import aside
from portal.core.i18n import gettext as _
from portal.core.links import abroad
from portal.core.pdf import codes
from portal.core.pdf.sheets import A4, Colour, Sheet
from portal.warehousing.goods.rules import unit_text
from portal.warehousing.ledger.rules import STATUSES
from portal.warehousing.stock import rules

LEFT, RIGHT = 16.0, A4[0] - 16.0
BOTTOM = A4[1] - 24.0
INK: Colour = (0.051, 0.118, 0.149)
GREY: Colour = (0.333, 0.404, 0.435)
LINE: Colour = (0.62, 0.67, 0.69)
SIGNAL: Colour = (1.0, 0.776, 0.102)
MODULE = 5 * codes.DOT_MM
STEP = 6.4  # mm a row
#: Where columns begin; the last one hangs on the right.
COLUMNS = (LEFT, LEFT + 30, LEFT + 82, LEFT + 106, LEFT + 127, LEFT + 143)


@dataclass(frozen=True)
class Said:
    """What a certificate says, in the language that is spoken."""

    ref: str
    owner: str
    warehouse: str
    as_of: str
    issued_at: str
    digest: str
    verify_url: str
    rows: Sequence[Sequence[str]]


def read(row: Any) -> Said:
    """Return what a certificate (a row of stock_certificate) says, as it was certified."""
    content = row.content
    return Said(
        ref=rules.spaced_ref(row.ref),
        owner=content["owner"],
        warehouse=content["warehouse"] or _("All warehouses"),
        as_of=_moment(content["as_of"]),
        issued_at=_moment(content["issued_at"]),
        digest=row.digest,
        verify_url=abroad(f"/verify/stock/{row.ref}"),
        rows=[_line(line) for line in content["lines"]],
    )


def _moment(text: str) -> str:
    local = datetime.fromisoformat(text).astimezone(clock.zone())
    return f"{local:%Y-%m-%d %H:%M:%S} (UTC{local:%z})"


def _line(line: dict[str, Any]) -> list[str]:
    quantity = f"{line['quantity']} {unit_text(line['unit'])}"
    expires = line["expires_on"] or ""
    status = str(STATUSES[line["status"]])
    return [line["sku"], line["name"], line["lot"], expires, line["warehouse"], status, quantity]


def answer(row: Any) -> Response:
    """Return the paper of a certificate that the asker was found to be allowed to see."""
    content = aside(draw, read(row), look.centre(), i18n.tag(), words())
    response = Response(content, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=f"stock-{row.ref}.pdf")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def words() -> dict[str, str]:
    """Return the fixed words of the paper: it is drawn where no language is spoken."""
    return {
        "title": _("Stock certificate"),
        "intro": _("We certify that these goods lay in our warehouses at the moment named."),
        "owner": _("Owner"),
        "as_of": _("As of"),
        "warehouse": _("Warehouse"),
        "issued": _("Issued"),
        "ref": _("Reference"),
        "check": _("Whether it is genuine is said here:"),
        "page": _("Page"),
        "heads": "\t".join(
            (
                _("Article"),
                _("Name"),
                _("Lot"),
                _("Expires"),
                _("Where"),
                _("Status"),
                _("Quantity"),
            )
        ),
    }


def draw(said: Said, centre: SimpleNamespace, language: str, words: dict[str, str]) -> bytes:
    """Return the certificate as PDF. Raises Refused while fonts are missing."""
    sheet = Sheet(A4, language, title=f"{words['title']} {said.ref}", author=centre.name)
    rows, number = list(said.rows), 0
    while rows or not number:
        number += 1
        sheet.page()
        top = _head(sheet, said, centre, words) if number == 1 else _small_head(sheet, said, words)
        room = int((BOTTOM - top - 8) / STEP)
        _table(sheet, top, words["heads"].split("\t"), rows[:room])
        rows = rows[room:]
        _foot(sheet, said, centre, f"{words['page']} {number}")
    return sheet.finish()


def _head(sheet: Sheet, said: Said, centre: SimpleNamespace, words: dict[str, str]) -> float:
    _flag(sheet, LEFT, 16, 13)
    sheet.text(LEFT + 15, 22, centre.name, 13, bold=True, room=110, colour=INK)
    sheet.text(LEFT + 15, 27.5, centre.short, 8.5, room=110, colour=GREY)
    sheet.box(LEFT, 33, RIGHT - LEFT, 0.8, fill=INK)
    sheet.text(LEFT, 46, words["title"], 22, bold=True, colour=INK)
    sheet.text(LEFT, 53, words["intro"], 9.5, room=120, colour=GREY)
    facts = (("owner", said.owner), ("as_of", said.as_of), ("warehouse", said.warehouse))
    for n, (name, value) in enumerate((*facts, ("issued", said.issued_at), ("ref", said.ref))):
        y = 62 + n * 7.2
        sheet.text(LEFT, y, words[name], 8.5, colour=GREY)
        sheet.text(LEFT + 26, y, value, 10.5, bold=name == "ref", room=94, colour=INK)
    cells, side = codes.qr(said.verify_url)
    sheet.cells(RIGHT - side * MODULE, 42, cells, side=side, module=MODULE)
    return 99.0


def _flag(sheet: Sheet, x: float, y: float, height: float) -> None:
    staff = height * 0.09
    sheet.box(x, y, staff, height, fill=0.0)
    sheet.box(x + staff, y, height * 0.82, height * 0.62, fill=SIGNAL, edge=staff * 0.8)


def _small_head(sheet: Sheet, said: Said, words: dict[str, str]) -> float:
    sheet.text(LEFT, 18, f"{words['title']} {said.ref}", 10.5, bold=True, colour=INK)
    sheet.text(RIGHT, 18, said.as_of, 8.5, align="right", colour=GREY)
    return 22.0


def _table(sheet: Sheet, top: float, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    _cells(sheet, top + 5, heads, 8, GREY)
    sheet.rule(LEFT, top + 6.8, RIGHT, top + 6.8, weight=0.5, colour=INK)
    for n, row in enumerate(rows):
        y = top + 7 + (n + 1) * STEP
        _cells(sheet, y - 2, row, 8.5, INK)
        sheet.rule(LEFT, y, RIGHT, y, weight=0.12, colour=LINE)


def _cells(sheet: Sheet, y: float, texts: Sequence[str], size: float, colour: Colour) -> None:
    for place, text in enumerate(texts[:-1]):
        end = COLUMNS[place + 1] if place + 1 < len(COLUMNS) else RIGHT - 24
        room = end - COLUMNS[place] - 1.5
        sheet.text(COLUMNS[place], y, text, size, room=room, colour=colour)
    sheet.text(RIGHT, y, texts[-1], size, align="right", colour=colour)


def _foot(sheet: Sheet, said: Said, centre: SimpleNamespace, page: str) -> None:
    sheet.rule(LEFT, BOTTOM + 3, RIGHT, BOTTOM + 3, weight=0.25, colour=LINE)
    sheet.text(LEFT, BOTTOM + 8, said.verify_url, 8, room=150, colour=INK)
    sheet.text(LEFT, BOTTOM + 12, f"SHA-256 {said.digest}", 6.5, room=150, colour=GREY)
    contact = "  ·  ".join(filter(None, (centre.phone, centre.email)))
    sheet.text(LEFT, BOTTOM + 16, contact, 7, room=150, colour=GREY)
    sheet.text(RIGHT, BOTTOM + 8, page, 8, align="right", colour=GREY)
