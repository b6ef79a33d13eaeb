"""What everybody may see of how consignments work: the process page and measured figures."""

from typing import Any

from flask import Blueprint, render_template
from sqlalchemy import func, select

from portal.consignments.models import DeliveryFigure
from portal.consignments.rules.moves import MOVES, MOVING
from portal.consignments.rules.vocabulary import VOCABULARY
from portal.core import clock, scope
from portal.core.db import db
from portal.core.i18n import gettext as _
from portal.core.i18n import number, percent
from portal.pages import queries as pages
from portal.pages.rules import draw

bp = Blueprint("process", __name__)
_F = DeliveryFigure.__table__
MONTHS = 3  # of which the public figures speak
#: ``found`` leads back to wherever the goods were; the table of moves cannot say that.
_DRAWN = {str(state): [str(to) for to in moves] for state, moves in MOVES.items()}
DIAGRAM = draw(_DRAWN | {"found": [str(state) for state in MOVING]})


@bp.get("/process")
def index() -> str:
    """Show the states of a consignment, drawn from the table that the portal obeys."""
    return render_template("pages/process.html", vocabulary=VOCABULARY.values(), diagram=DIAGRAM)


def measured() -> list[dict[str, Any]]:
    """Return on-time share and volume of the last months, over all companies."""
    today = clock.now().astimezone(clock.zone())
    months = today.year * 12 + today.month - MONTHS
    since = f"{months // 12}-{months % 12 + 1:02d}"
    row = db.session.execute(
        select(
            func.sum(_F.c.delivered).label("delivered"),
            func.sum(_F.c.promised).label("promised"),
            func.sum(_F.c.on_time).label("on_time"),
            func.count(func.distinct(_F.c.country)).label("countries"),
        )
        .where(_F.c.month >= since)
        .execution_options(**scope.CENTRE)
    ).one()
    if not row.delivered:
        return []
    period = _("Last %(months)s months", months=MONTHS)
    sample = _("%(count)s deliveries", count=number(row.delivered))
    share = row.on_time / row.promised if row.promised else None
    return [
        _figure(_("Delivered on time"), percent(share).removesuffix(" %"), "%", sample, period)
        | {"share": share * 100 if share is not None else None},
        _figure(_("Consignments delivered"), number(row.delivered), "", period, period),
        _figure(_("Countries and regions reached"), number(row.countries), "", period, period),
    ]


def _figure(label: str, value: str, unit: str, sample: str, period: str) -> dict[str, Any]:
    return {"label": label, "value": value, "unit": unit, "sample": sample, "period": period}


pages.provide(measured)
