"""How a creative looks in each of its zones, at the desk: nothing of it is counted."""

from typing import Any, NamedTuple

from markupsafe import Markup

from portal.core import i18n
from portal.core.i18n import lazy as _l
from portal.promotion.models import Campaign, Creative
from portal.promotion.queries.campaigns import card_of
from portal.promotion.rules.zones import WITH_PICTURE, ZONES, Zone
from portal.promotion.shown import places


class Preview(NamedTuple):
    """A zone, the creative in it, and what somebody should know (or none)."""

    zone: Zone
    html: Markup
    note: Any


def previews(campaign: Campaign, creative: Creative) -> list[Preview]:
    """Return a creative in each of its zones."""
    card = card_of(campaign, creative)
    return [
        Preview(zone, places.fragment(card, name, i18n.tag()), _note(creative, zone))
        for name, zone in ZONES.items()
        if name in creative.zones
    ]


def _note(creative: Creative, zone: Zone) -> Any:
    """Return what is wrong with the picture for a zone."""
    if creative.kind not in WITH_PICTURE or not creative.width or not creative.height:
        return None
    if creative.width < zone.width * 0.6:
        return _l(
            "The picture is small for this zone: %(has)s px wide, %(wants)s are best.",
            has=creative.width,
            wants=zone.width,
        )
    shape, wanted = creative.width / creative.height, zone.ratio[0] / zone.ratio[1]
    if not 0.8 < shape / wanted < 1.25:
        return _l("The picture has another shape; its edges are cut off here.")
    return None
