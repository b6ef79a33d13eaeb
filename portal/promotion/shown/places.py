"""The place of an advertisement in a page: ``{{ ad("tracking") }}``.

The page holds a creative with a plain link, so that it is whole without JavaScript, and may be
kept for everybody: nothing in it belongs to one reader. ``js/ads.mjs`` then asks for the creative
that is meant for this one, with the signed id of this view.
"""

import secrets
from typing import Any

from flask import current_app, g, request, url_for
from flask_login import current_user
from markupsafe import Markup, escape

from portal.core import headers, i18n
from portal.promotion import facts, visitors
from portal.promotion.queries import roster
from portal.promotion.queries.roster import Card, Roster
from portal.promotion.rules import choice, content
from portal.promotion.rules.choice import Place
from portal.promotion.rules.zones import ZONES

RANDOM = secrets.SystemRandom()


def ad(zone: str) -> Markup:
    """Return the place of a zone; nothing where nothing runs, or the page has one already."""
    if current_user.is_staff or g.get("has_ad"):
        return Markup()
    page, language = facts.part_of(request.endpoint), i18n.tag()
    kept = roster.now()
    card = _fallback(kept, zone, page, language)
    if card is None:
        return Markup()
    g.has_ad = True
    key = (card.id, zone, page, language, request.script_root)
    if key not in kept.drawn:
        kept.drawn[key] = _place(card, zone, page, language).split(headers.nonce())
    return escape(headers.nonce()).join(kept.drawn[key])


def _place(card: Card, zone: str, page: str, language: str) -> Markup:
    """Return a place; the nonce of its script is this answer's."""
    return _rendered(
        "promotion/_place.html",
        zone=ZONES[zone],
        page=page,
        language=language,
        creative=fragment(card, zone, language, plays=False),
    )


def _rendered(template: str, **values: Any) -> Markup:
    """Render with these values alone: the names of whole pages cost more than this part."""
    html = current_app.jinja_env.get_template(template).render(values)
    return Markup(html)  # noqa: S704 - a template of ours, which escapes


def _fallback(kept: Roster, zone: str, page: str, language: str) -> Card | None:
    here = facts.now_for(current_user, language=language, page=page)
    spot = choice.choose(kept.entries, Place(zone, here, facts.local_now()), RANDOM.random)
    return kept.cards.get(spot.id) if spot else None


def fragment(
    card: Card, zone: str, language: str, *, click: str | None = None, plays: bool = True
) -> Markup:
    """Return a creative for a zone; ``click`` is its signed id (default: that of a plain link).

    Without ``plays`` animations, videos and sounds show their picture.
    """
    signed = click or visitors.plain(card.id, zone)
    return _rendered(
        "promotion/_creative.html",
        card=card,
        zone=ZONES[zone],
        plays=plays,
        said=lambda key: content.said_in(card.words, language, key),
        tongue=content.spoken(card.words, language),
        language=language,
        picture=file_url(card.picture_in(language)),
        media=media_url(card) if plays else None,
        click=click_url(signed),
        is_own=is_own(card.address),
        mark_url=url_for("ads.counting_page"),
    )


def click_url(signed: str) -> str:
    """Return the address that counts a click and leads on."""
    return url_for("ads_api.click", sig=signed)


def file_url(key: str | None) -> str | None:
    """Return the address of a picture."""
    return url_for("ads.file", key=key) if key else None


def media_url(card: Card) -> str | None:
    """Return the address of an animation's page, or of a video or sound."""
    if not card.media:
        return None
    return url_for("ads.frame" if card.kind == "html5" else "ads.file", key=card.media)


def is_own(address: str) -> bool:
    """Return whether a click stays on this site: then it opens no other window."""
    return address.startswith(("/", f"{current_app.config['PUBLIC_URL']}/"))
