"""The receipt as PDF: what came, line by line, in the reader’s language."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from flask import Response

from portal.core import clock, i18n, look
from portal.core.aside import aside
from portal.core.i18n import gettext as _
from portal.core.i18n import pgettext
from portal.core.quantities import NOTHING
from portal.warehousing.goods.rules import unit_text
from portal.warehousing.inbound.queries import one as queries
from portal.warehousing.inbound.rules.receiving import CONDITIONS
from portal.warehousing.inbound.shown import drawing, words
from portal.warehousing.inbound.shown.drawing import Content, Row


def answer(notice: Any, receipt: Any) -> Response:
    """Return the PDF of a receipt that the asker was found to be allowed to see."""
    content = aside(drawing.draw, _content(notice, receipt))
    response = Response(content, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=f"{receipt.ref}.pdf")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _content(notice: Any, receipt: Any) -> Content:
    centre = look.centre()
    return Content(
        language=i18n.tag(),
        title=_("Receipt"),
        ref=receipt.ref,
        centre=centre.name,
        reach=f"{centre.short}  {centre.phone}  {centre.email}",
        facts=_facts(notice, receipt),
        heads=[
            "",
            _("Goods"),
            _("Lot and expiry"),
            pgettext("inbound", "Announced"),
            pgettext("inbound", "Received"),
            _("Condition"),
        ],
        rows=_rows(notice, receipt),
        notes=[*_remarks(notice, receipt)],
        words={
            "page": _("Page {}"),
            "driver": _("Driver"),
            "warehouse": _("Warehouse"),
            "name": _("Name"),
            "signature": _("Signature"),
            "as_of": _("Printed %(when)s", when=i18n.full_instant(clock.now())),
        },
    )


def _facts(notice: Any, receipt: Any) -> list[tuple[str, str]]:
    ended = i18n.instant(receipt.closed_at) if receipt.closed_at else _("Still open")
    return [
        (_("Inbound notice"), notice.ref),
        (_("Your reference"), notice.order_ref or ""),
        (_("Owner of the goods"), notice.company),
        (_("Warehouse"), words.house(notice)),
        (_("Dock"), notice.dock or ""),
        (_("Sender"), notice.supplier or ""),
        (_("Vehicle"), " ".join(filter(None, (notice.vehicle, notice.carrier)))),
        (pgettext("receipt", "Begun"), i18n.instant(receipt.begun_at)),
        (pgettext("receipt", "Closed"), ended),
    ]


def _rows(notice: Any, receipt: Any) -> list[Row]:
    """Return one row for each line, lot and condition; what was announced stands at the first."""
    announced = {line.position: line.announced for line in queries.lines_of(notice)}
    groups: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for scan in queries.scans_of(notice, receipt_id=receipt.id):
        groups[scan.position, scan.lot, scan.expires_on, scan.condition].append(scan)
    rows, told = [], set[int]()
    for (position, _lot, _day, _condition), scans in sorted(
        groups.items(), key=lambda each: (each[0][0], str(each[0][1:]))
    ):
        expected = announced.get(position) if position not in told else None
        told.add(position)
        rows.append(_row(position, scans, expected))
    return rows


def _row(position: int, scans: Sequence[Any], announced: Any) -> Row:
    first = scans[0]
    received = sum((scan.quantity for scan in scans), NOTHING)
    pallets = [scan.sscc for scan in scans if scan.sscc]
    lot = " · ".join(
        filter(None, (first.lot, first.expires_on.isoformat() if first.expires_on else ""))
    )
    unit = unit_text(first.unit)
    return Row(
        [
            str(position),
            f"{first.sku}  {words.sku_name(first)}",
            "  ".join([lot, *pallets]).strip(),
            f"{i18n.number(announced)} {unit}" if announced else "",
            f"{i18n.number(received)} {unit}",
            str(CONDITIONS[first.condition]),
        ]
    )


def _remarks(notice: Any, receipt: Any) -> list[str]:
    found = [_("Remark: %(note)s", note=receipt.note)] if receipt.note else []
    for row in queries.differences_of(notice):
        found.append(f"{row.position} · {row.sku}: {words.meaning(row)}")
    return found
