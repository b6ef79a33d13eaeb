"""The desk's pages of advertising share one blueprint, and the texts of states and events."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint

from portal.core.i18n import gettext as _
from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext as _p
from portal.core.i18n import pgettext
from portal.promotion import facts
from portal.promotion.forms import WEEKDAYS, span_of
from portal.promotion.models import Campaign, Creative
from portal.promotion.rules.states import NAMES, State
from portal.promotion.rules.zones import Zone

bp = Blueprint("ads_desk", __name__)
STEPS = (
    ("campaign", _l("Campaign")),
    ("delivery", _p("ads", "Delivery")),
    ("audience", _l("Audience")),
    ("creatives", _l("Creatives")),
    ("show", _l("Check")),
)
#: State → the kind of its tag.
KINDS = {"running": "good", "in_review": "now"}
PARTS = {"campaign": _l("campaign"), "delivery": _l("delivery"), "audience": _l("audience")}


@bp.app_template_global()
def ad_state(state: str) -> Any:
    """Return the name of a campaign's state."""
    return NAMES[State(state)]


@bp.app_template_global()
def ad_event(name: str, payload: dict[str, Any]) -> str:
    """Return in words what happened to a campaign."""
    if name == "campaign.made":
        return pgettext("campaign", "made")
    if name == "campaign.changed":
        return _("changed: %(part)s", part=PARTS.get(payload["part"], payload["part"]))
    if name == "campaign.moved":
        before, after = (str(ad_state(payload[key])) for key in ("state_before", "state"))
        return _("%(before)s → %(after)s", before=before, after=after)
    if name == "campaign.creative_kept":
        if payload["is_new"]:
            return _("creative added: %(name)s", name=payload["creative"])
        return _("creative changed: %(name)s", name=payload["creative"])
    return _("creative removed: %(name)s", name=payload["creative"])


@bp.app_template_global()
def zone_options(zones: Mapping[str, Zone]) -> list[tuple[str, Any]]:
    """Return zones as the choices of a filter."""
    return [(name, zone.label) for name, zone in zones.items()]


@bp.app_template_global()
def creative_options(creatives: Mapping[int, Creative]) -> list[tuple[int, str]]:
    """Return creatives as the choices of a filter."""
    return [(number, creative.name) for number, creative in creatives.items()]


@bp.app_template_global()
def campaign_last_day(campaign: Campaign) -> datetime | None:
    """Return an instant of a campaign's last day; None where it has no end."""
    return campaign.ends_at and campaign.ends_at - timedelta(minutes=1)


@bp.app_template_global()
def ad_audience(targeting: Mapping[str, list[str]]) -> list[tuple[Any, list[Any]]]:
    """Return in words whom a campaign is for: (what is asked, the values that fit)."""
    said = []
    for name, values in targeting.items():
        if name == "hour":
            first, last = span_of(values)
            said.append((_("Hours of the day"), [f"{first:02}:00–{last:02}:00"]))
        else:
            label, options = _known(name)
            said.append((label, [options.get(value, value) for value in values]))
    return said


def _known(name: str) -> tuple[Any, dict[str, Any]]:
    known: dict[str, tuple[Any, Any]] = {
        "language": (_l("Language of the page"), facts.LANGUAGE_OPTIONS),
        "page": (_l("Part of the site"), facts.PAGES),
        "weekday": (_l("Days of the week"), WEEKDAYS),
    }
    if name in known:
        label, options = known[name]
        return label, dict(options)
    fact = facts.provided().get(name)
    return (fact.label, dict(fact.options())) if fact else (name, {})
