"""The closing document of a return: what came, in what condition, what became of it."""

from collections.abc import Sequence
from typing import Any

from flask import Response

from portal.core import clock, i18n, look
from portal.core.aside import aside
from portal.core.i18n import gettext as _
from portal.core.quantities import written
from portal.warehousing.goods.rules import unit_text
from portal.warehousing.inbound.shown import drawing
from portal.warehousing.inbound.shown.drawing import Content, Row
from portal.warehousing.returns import rules
from portal.warehousing.returns.queries import one
from portal.warehousing.sites.queries import name_in


def answer(row: Any) -> Response:
    """Return the PDF of a return that the asker was found to be allowed to see."""
    content = aside(drawing.draw, _content(row, one.parts_of(row)))
    response = Response(content, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=f"{row.ref}.pdf")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _content(row: Any, parts: Sequence[Any]) -> Content:
    centre = look.centre()
    return Content(
        language=i18n.tag(),
        title=_("Record of a return"),
        ref=row.ref,
        centre=centre.name,
        reach=f"{centre.short}  {centre.phone}  {centre.email}",
        facts=_facts(row),
        heads=["", _("Goods"), _("Lot"), _("Quantity"), _("Condition"), _("Became")],
        rows=[_row(number, each) for number, each in enumerate(parts, 1)],
        notes=_notes(row, parts),
        words={
            "page": _("Page {}"),
            "driver": _("Inspected by"),
            "warehouse": _("Warehouse"),
            "name": _("Name"),
            "signature": _("Signature"),
            "as_of": _("Printed %(when)s", when=i18n.full_instant(clock.now())),
        },
    )


def _facts(row: Any) -> list[tuple[str, str]]:
    sender = row.sender or {}
    return [
        (_("Return"), row.ref),
        (_("Your reference"), row.begun_with or ""),
        (_("Owner of the goods"), row.company),
        (_("Warehouse"), f"{name_in(row.warehouse_names)} {row.warehouse}"),
        (_("Order"), row.order_ref or ""),
        (_("Sender"), " ".join(sender.get(name, "") for name in ("name", "city")).strip()),
        (_("Carrier"), " ".join(filter(None, (row.carrier, row.tracking_no)))),
        (_("Received"), i18n.instant(row.received_at) if row.received_at else ""),
        (_("Closed"), i18n.instant(row.closed_at) if row.closed_at else _("Still open")),
    ]


def _row(number: int, each: Any) -> Row:
    state = each.disposition if each.status == "decided" else None
    became = rules.DISPOSITIONS[state] if state else rules.PART_STATUSES[each.status]
    return Row(
        [
            str(number),
            f"{each.sku}  {each.name}",
            each.lot,
            f"{written(each.quantity)} {unit_text(each.unit)}",
            str(rules.CONDITIONS[each.condition]) if each.condition else "",
            str(became),
        ]
    )


def _notes(row: Any, parts: Sequence[Any]) -> list[str]:
    found = [_("Remark: %(note)s", note=row.note)] if row.note else []
    for number, each in enumerate(parts, 1):
        if each.note:
            found.append(f"{number} · {each.sku}: {each.note}")
        if each.carrier:
            found.append(
                f"{number} · {each.sku}: "
                + _(
                    "sent back with %(carrier)s %(number)s",
                    carrier=each.carrier,
                    number=each.tracking_no or "",
                )
            )
    return found
