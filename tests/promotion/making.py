"""Campaigns for tests with one call; say only what the test is about."""

import io
from datetime import timedelta
from typing import Any

from PIL import Image

from portal.accounts.models import Person
from portal.core import clock, files
from portal.core.db import db, transaction
from portal.promotion.models import Campaign, Creative
from portal.promotion.queries import roster
from portal.promotion.service import campaigns
from portal.promotion.service.campaigns import NewCreative
from tests.factories import make_person, user_of

#: What an ordinary browser says of itself.
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Safari/537.36"
)
PERSON = {"User-Agent": CHROME}


def make_marketing() -> Person:
    """Make somebody who manages campaigns."""
    return make_person(staff_role="marketing")


def draft(by: Person | None = None, **values: Any) -> Campaign:
    """Make a draft."""
    person = by or make_marketing()
    usual = {
        "advertiser": "绿箱租赁",
        "title": "Crates",
        "address": "https://crates.example/offer?a=1",
        "starts_at": clock.now() - timedelta(days=1),
        "window_days": 7,
    }
    later = {name: values.pop(name) for name in set(values) - set(usual)}
    with transaction():
        campaign = campaigns.make(usual | values, by=user_of(person))
        for name, value in later.items():
            setattr(campaign, name, value)
    return campaign


def text_creative(**values: Any) -> NewCreative:
    """Return a text in three languages for the zone ``tracking``."""
    usual: dict[str, Any] = {
        "kind": "text",
        "name": "A",
        "zones": ["tracking"],
        "weight": 10,
        "words": {
            "zh-Hans": {"headline": "周转箱按天租", "line": "四色可选"},
            "en": {"headline": "Crates by the day", "line": "Four colours"},
        },
    }
    return NewCreative(**(usual | values))


def add(campaign: Campaign, new: NewCreative | None = None) -> Creative:
    """Add a creative to a draft."""
    by = user_of(db.session.get(Person, campaign.created_by))
    with transaction():
        campaign = db.session.get(Campaign, campaign.id)
        return campaigns.keep_creative(campaign, new or text_creative(), by=by)


def run(campaign: Campaign) -> Campaign:
    """Send a campaign to review and let somebody else approve it."""
    maker = user_of(db.session.get(Person, campaign.created_by))
    other = user_of(make_person(staff_role="manager"))
    with transaction():
        campaign = db.session.get(Campaign, campaign.id)
        campaigns.move(campaign, "in_review", by=maker)
        campaigns.move(campaign, "approved", by=other)
    roster.forget()
    return campaign


def running(*creatives: NewCreative, **values: Any) -> Campaign:
    """Make a campaign that runs, with these creatives (default: one text)."""
    campaign = draft(**values)
    for new in creatives or (text_creative(),):
        add(campaign, new)
    return run(campaign)


def picture(width: int = 1200, height: int = 200, kind: str = "PNG") -> bytes:
    """Return a picture."""
    output = io.BytesIO()
    Image.new("RGB", (width, height), "#0d6370").save(output, kind)
    return output.getvalue()


def image_creative(**values: Any) -> NewCreative:
    """Return a picture for the zone ``tracking``."""
    stored = files.keep_picture(picture())
    usual = {
        "kind": "image",
        "picture": stored.key,
        "size": (1200, 200),
        "words": {"en": {"alt": "Crates"}},
    }
    return text_creative(**(usual | values))


HTML = b"<!doctype html><title>Ad</title><script>document.title='ran'</script><p>Crates"


def html_creative(**values: Any) -> NewCreative:
    """Return an animation for the zone ``tracking``."""
    media = files.keep(HTML, "text/html").key
    return image_creative(**({"kind": "html5", "media": media, "media_type": "text/html"} | values))


def reload(campaign: Campaign) -> Campaign:
    """Return a campaign as it is now."""
    db.session.rollback()
    found = db.session.get(Campaign, campaign.id, populate_existing=True)
    assert found is not None
    return found
