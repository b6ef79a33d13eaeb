"""All campaigns: the list with its state and pace, and the report over all of them."""

from flask import render_template, request
from flask_login import current_user

from portal.promotion.queries import campaigns, reports
from portal.promotion.queries.campaigns import Filter
from portal.promotion.queries.reports import Asked, summed
from portal.promotion.rules import counting
from portal.promotion.rules.states import NAMES
from portal.promotion.rules.zones import ZONES
from portal.promotion.views.desk.one import ahead_of
from portal.promotion.views.desk.periods import asked_days, on_chart
from portal.promotion.views.desk.ways import KINDS, bp


@bp.get("/")
def index() -> str:
    """Show the campaigns: those that wait for somebody first."""
    asked = Filter(
        request.args.get("q", "")[:200].replace("\0", ""),
        request.args.get("state", ""),
        request.args.get("zone", "") if request.args.get("zone") in ZONES else "",
    )
    found = campaigns.campaigns_for(current_user, asked)
    first, last = asked_days({})
    return render_template(
        "promotion/desk/index.html",
        campaigns=found,
        zones_of=_zones_of(*found),
        totals=reports.by_campaign_for(current_user, Asked(first, last)),
        ahead={each.id: ahead_of(each) for each in found},
        states=NAMES,
        kinds=KINDS,
        zones=ZONES,
        nothing=reports.Total(),
    )


def _zones_of(*found: campaigns.Campaign) -> dict[int, list[str]]:
    kept: dict[int, list[str]] = {each.id: [] for each in found}
    for creative in campaigns.creatives_of(*found):
        names = kept[creative.campaign_id]
        names.extend(zone for zone in creative.zones if zone in ZONES and zone not in names)
    return kept


@bp.get("/report")
def report() -> str:
    """Show the figures of all campaigns over some days."""
    first, last = asked_days(request.args)
    zone = request.args.get("zone", "")
    asked = Asked(first, last, zone=zone if zone in ZONES else "")
    days = reports.by_day_for(current_user, asked)
    totals = reports.by_campaign_for(current_user, asked)
    found = campaigns.campaigns_for(current_user, Filter())
    return render_template(
        "promotion/desk/report.html",
        asked=asked,
        zones=ZONES,
        total=summed(list(days.values())),
        chart=on_chart(days),
        rows=[(each, totals[each.id]) for each in found if each.id in totals],
        by_zone=_by_zone(asked),
        reasons=reports.reasons_for(current_user, asked),
        reason_names=counting.REASONS,
    )


def _by_zone(asked: Asked) -> list[tuple[str, reports.Total]]:
    parts = reports.by_part_for(current_user, asked)
    sums = {
        name: summed([total for (_, zone), total in parts.items() if zone == name])
        for name in ZONES
    }
    return [(name, total) for name, total in sums.items() if total.served or total.views]
