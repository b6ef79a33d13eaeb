"""One campaign: where it stands, what may be done with it, what it brought."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.core import clock
from portal.core.db import transaction
from portal.core.errors import PortalError, Refused
from portal.core.i18n import gettext as _
from portal.promotion.models import Campaign, Creative
from portal.promotion.queries import campaigns, reports, roster
from portal.promotion.queries.reports import Asked, Total, summed
from portal.promotion.rules import chance, counting, pacing, states
from portal.promotion.rules.zones import ZONES
from portal.promotion.service import campaigns as service
from portal.promotion.views.desk.periods import asked_days, on_chart
from portal.promotion.views.desk.previews import previews
from portal.promotion.views.desk.ways import KINDS, STEPS, bp

MOST_NOTE = 500  # characters


@bp.get("/<ref>")
def show(ref: str) -> str:
    """Show a campaign: state, delivery, figures, who did what."""
    campaign = campaigns.campaign_for(current_user, ref)
    creatives = campaigns.creatives_of(campaign)
    asked = asked_of(campaign, {each.id for each in creatives})
    days = reports.by_day_for(current_user, asked)
    parts = reports.by_part_for(current_user, asked)
    return render_template(
        "promotion/desk/show.html",
        campaign=campaign,
        creatives={each.id: each for each in creatives},
        shown=[(each, kept[0]) for each in creatives if (kept := previews(campaign, each))],
        asked=asked,
        zones=ZONES,
        kinds=KINDS,
        steps=STEPS,
        moves=_moves(campaign),
        may_approve=current_user.person_id not in campaign.authors,
        ahead=ahead_of(campaign),
        total=summed(list(days.values())),
        chart=on_chart(days),
        parts=parts,
        compared=compared(creatives, parts),
        reasons=reports.reasons_for(current_user, asked),
        reason_names=counting.REASONS,
        history=campaigns.history_of(campaign),
        people=campaigns.names_of(campaign.created_by, campaign.approved_by, *campaign.authors),
        least=chance.LEAST,
    )


def asked_of(campaign: Campaign, known: set[int]) -> Asked:
    """Return the totals that the address asks for; what it names wrongly is left out."""
    first, last = asked_days(request.args)
    zone, creative = request.args.get("zone", ""), request.args.get("creative", "")
    number = int(creative) if creative.isascii() and creative.isdigit() else 0
    return Asked(
        first,
        last,
        campaign.id,
        zone if zone in ZONES else "",
        number if number in known else None,
    )


def _moves(campaign: Campaign) -> list[str]:
    """Return the states to which the reader may move a campaign."""
    ways = states.MOVES[states.State(campaign.state)]
    return [to.value for to, right in ways.items() if current_user.may(right)]


def ahead_of(campaign: Campaign) -> float | None:
    """Return how far delivery is ahead of an even spread over its whole time; None: no plan."""
    if campaign.booked is None or campaign.ends_at is None or campaign.state == "draft":
        return None
    plan = pacing.Booking(campaign.booked, 0, campaign.starts_at, campaign.ends_at)
    return pacing.ahead(plan, campaign.delivered, clock.now())


def compared(
    creatives: Any, parts: dict[tuple[int, str], Total]
) -> list[tuple[Creative, Total, chance.Comparison | None]]:
    """Return each creative with its sum over zones, held against the one that was seen most.

    That one, which stands first, has None.
    """
    sums = [
        (each, summed([total for (number, _), total in parts.items() if number == each.id]))
        for each in creatives
    ]
    sums.sort(key=lambda pair: -pair[1].valid_views)
    if len(sums) < 2:
        return [(each, total, None) for each, total in sums]
    base = sums[0][1]
    rest = [(each, total, _against(total, base)) for each, total in sums[1:]]
    return [(*sums[0], None), *rest]


def _against(total: Total, base: Total) -> chance.Comparison:
    return chance.compare(
        total.valid_clicks,
        total.valid_views,
        with_clicks=base.valid_clicks,
        with_views=base.valid_views,
    )


@bp.post("/<ref>/move")
def move(ref: str) -> Response:
    """Move a campaign to another state: review, approval, pause, end."""
    note = " ".join(request.form.get("note", "").split())[:MOST_NOTE]
    try:
        with transaction():
            campaign = campaigns.campaign_for(current_user, ref, lock=True)
            _refuse_overtaken(campaign)
            service.move(campaign, request.form.get("state", ""), by=current_user, note=note)
            state = campaign.state
    except PortalError as error:
        if error.status != 409:
            raise
        flash(str(error), "bad")
    else:
        roster.forget()
        flash(_("Now: %(status)s", status=states.NAMES[states.State(state)]), "good")
    return redirect(url_for(".show", ref=ref))


def _refuse_overtaken(campaign: Campaign) -> None:
    """Refuse what was decided about a campaign that has been changed since it was looked at."""
    newest = str(campaigns.newest_of(campaign))
    if request.form.get("seen", newest) != newest:
        raise Refused(_("Somebody has changed this campaign meanwhile. Look at it again first."))
