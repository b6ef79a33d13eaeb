"""Labels of locations, to be printed."""

from flask import Response, render_template

from portal.core import i18n
from portal.core.aside import aside
from portal.core.errors import NotFound, Refused
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy as _l
from portal.warehousing.layout import labels, queries
from portal.warehousing.layout.desk.blueprint import asker, bp, warehouse_at
from portal.warehousing.layout.desk.locations import asked, kept, words
from portal.warehousing.layout.labels import Label
from portal.warehousing.sites import queries as sites
from portal.warehousing.sites.rules import KINDS


@bp.get("/<code>/labels")
def print_labels(code: str) -> str:
    """Offer the labels of the locations that the address asks for."""
    warehouse = warehouse_at(code)
    return render_template(
        "warehousing/layout/labels.html",
        count=queries.count_for(asker(), warehouse, asked()),
        most=labels.MOST,
        kept=kept(),
        zones=sites.zones_of(warehouse.id),
        **words(warehouse),
    )


@bp.get("/<code>/labels/<format_>.pdf")
def label_sheet(code: str, format_: str) -> Response:
    """Return the labels of the locations that the address asks for, in walking order."""
    warehouse = warehouse_at(code)
    if format_ not in labels.FORMATS:
        raise NotFound(_l("There is nothing at this address, or it is not yours to see."))
    rows = queries.all_locations_for(asker(), warehouse, asked(), most=labels.MOST + 1)
    if not rows:
        raise Refused(_l("No location fits. Choose others."))
    if len(rows) > labels.MOST:
        raise Refused(_l("These are more than 4,000 labels. Choose a zone, or the first letters."))
    name = sites.name_in(warehouse.names)
    made = [
        Label(
            row.code,
            row.barcode,
            f"{name} · {row.zone}",
            _("%(kind)s · level %(level)s", kind=KINDS[row.kind], level=row.level)
            if row.level
            else str(KINDS[row.kind]),
        )
        for row in rows
    ]
    title = _("Labels of %(warehouse)s", warehouse=name)
    content = aside(labels.sheet_of, made, format_, i18n.tag(), title)
    response = Response(content, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=f"labels-{code}.pdf")
    response.headers["Cache-Control"] = "private, no-store"
    return response
