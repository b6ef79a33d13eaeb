"""The figures of advertising as a sheet: one line a day, creative and zone."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, request
from flask_login import current_user

from portal.core import events
from portal.core.db import transaction
from portal.core.i18n import gettext as _
from portal.core.i18n import pgettext
from portal.exchange.events import ListExported
from portal.exchange.outgoing import attachment
from portal.promotion.queries import campaigns, reports
from portal.promotion.queries.reports import Asked
from portal.promotion.rules.zones import ZONES
from portal.promotion.views.desk.one import asked_of
from portal.promotion.views.desk.periods import asked_days

bp = Blueprint("ads_export", __name__)


@bp.get("/<ref>/report.csv")
def lines(ref: str) -> Response:
    """Send the figures of one campaign."""
    campaign = campaigns.campaign_for(current_user, ref)
    known = {each.id for each in campaigns.creatives_of(campaign)}
    return _sent(f"ads-{campaign.ref}", asked_of(campaign, known))


@bp.get("/report.csv")
def all_lines() -> Response:
    """Send the figures of all campaigns."""
    first, last = asked_days(request.args)
    zone = request.args.get("zone", "")
    return _sent("ads", Asked(first, last, zone=zone if zone in ZONES else ""))


def _sent(name: str, asked: Asked) -> Response:
    rows = reports.lines_for(current_user, asked)
    with transaction():
        events.record(
            ListExported(
                actor_id=current_user.person_id, company_id=None, what="ads", file_format="csv"
            )
        )
    return attachment(_heads(), [_cells(row) for row in rows], name, "csv")


def _heads() -> list[str]:
    return [
        _("Day"),
        _("Campaign"),
        _("Advertiser"),
        _("Creative"),
        _("Zone"),
        pgettext("ads", "Sent"),
        _("Raw views"),
        _("Valid views"),
        pgettext("ads", "People"),
        _("Raw clicks"),
        _("Valid clicks"),
        _("People who clicked"),
        _("Inquiries"),
        _("Applications"),
    ]


def _cells(row: Any) -> Sequence[Any]:
    zone = str(ZONES[row.zone].label) if row.zone in ZONES else row.zone
    sums = [getattr(row, name) for name in reports.SUMS]
    return [row.day, row.ref, row.advertiser, row.creative, zone, *sums]
