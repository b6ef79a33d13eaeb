"""JSON of advertising: which creative to show, that it was seen, and where a click leads."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, request
from flask_login import current_user
from pydantic import Field
from werkzeug.wrappers import Response as Answer

from portal.core import attribution, clock, i18n, limits
from portal.core.api import Shape, as_json, parsed
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.i18n import pgettext
from portal.promotion import facts, seeing, visitors
from portal.promotion.queries import roster
from portal.promotion.queries.roster import Card
from portal.promotion.rules import choice, content, counting
from portal.promotion.rules.choice import Place
from portal.promotion.rules.zones import ZONES
from portal.promotion.shown import places

bp = Blueprint("ads_api", __name__)
#: What is said of clicks after which an inquiry or application counts.
BY_PEOPLE = (None, "no_view")


class Seen(Shape):
    """That half of an advertisement was visible for its time; ``driven``: by a program."""

    impression: str = Field(max_length=visitors.LONGEST)
    driven: bool = False


@bp.get("/ad/<zone>")
def choose(zone: str) -> Response:
    """Choose an advertisement for a zone and this reader; 204 where there is none for him."""
    if zone not in ZONES:
        raise NotFound(_l("There is no zone of that name."))
    limits.spend("ad")
    if counting.is_prefetch(visitors.sender()):
        return Response(status=204)
    language = request.args.get("language")
    language = language if language in i18n.TAGS else i18n.tag()
    card = _chosen(zone, language)
    if card is None:
        return Response(status=204)
    seeing.served(card, zone)
    return as_json(_answer(card, zone, language))


def _chosen(zone: str, language: str) -> Card | None:
    page = request.args.get("page", "")
    page = page if page in dict(facts.PAGES) else "other"
    kept = roster.now(within_s=roster.FRESH_S)
    here = facts.now_for(current_user, language=language, page=page)
    capped = any(entry.cap is not None for entry in kept.entries)
    seen = seeing.views_today() if capped else {}
    spot = choice.choose(
        kept.entries, Place(zone, here, facts.local_now(), seen), places.RANDOM.random
    )
    return kept.cards.get(spot.id) if spot else None


def _answer(card: Card, zone: str, language: str) -> dict[str, Any]:
    impression = visitors.new(card.id, zone)
    with i18n.speaking(language):
        html = places.fragment(card, zone, language, click=impression)
        label = pgettext("mark", "Ad")
    seconds = counting.VISIBLE_FOR.get(card.kind, counting.VISIBLE_FOR_USUALLY).total_seconds()
    return {
        "zone": zone,
        "creative": card.id,
        "kind": card.kind,
        "label": label,
        "advertiser": card.advertiser,
        "alt": content.said_in(card.words, language, "alt"),
        "impression": impression,
        "visible_share": counting.VISIBLE_SHARE,
        "visible_s": seconds,
        "click": places.click_url(impression),
        "html": html,
    }


@bp.post("/ad/view")
def view() -> Response:
    """Report that an advertisement was seen; the answer does not say whether it counts."""
    limits.spend("ad")
    limits.spend("ad_views")  # whoever changes the name of his browser has one address still
    seen = parsed(Seen)
    shown = visitors.read(seen.impression)
    is_ours = shown is not None and shown.impression is not None
    sender = visitors.sender(is_driven=seen.driven)
    seeing.report("view", shown if is_ours else None, sender)
    return Response(status=204)


@bp.get("/ad/click/<sig>")
def click(sig: str) -> Answer:
    """Follow a click to the stored address of its campaign; it is counted on the way."""
    limits.spend("ad")
    shown = visitors.read(sig)
    target = seeing.target_of(shown) if shown else None
    reason = None
    if request.method != "HEAD":
        reason = seeing.report("click", shown if target else None, visitors.sender())
    if shown is None or target is None:
        raise NotFound(_l("This advertisement is not there any more."))
    answer = make_response(redirect(target.address))
    if request.method != "HEAD" and reason in BY_PEOPLE:
        at = int(clock.now().timestamp())
        attribution.remember(answer, (target.campaign_id, shown.creative, shown.zone, at))
    return answer
