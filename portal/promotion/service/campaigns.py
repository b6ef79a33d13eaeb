"""The life of campaigns and what is in them. What changes is shown within seconds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.accounts.access import User
from portal.core import clock, events, sequences
from portal.core.db import db
from portal.core.errors import FieldError, Forbidden, Invalid, Refused
from portal.core.i18n import lazy as _l
from portal.promotion.events import (
    CampaignChanged,
    CampaignMade,
    CampaignMoved,
    CreativeKept,
    CreativeRemoved,
)
from portal.promotion.models import Campaign, Creative
from portal.promotion.rules import content, states
from portal.promotion.rules.states import State

MOST_CREATIVES = 12


def make(values: Mapping[str, Any], *, by: User) -> Campaign:
    """Make a draft of a campaign from advertiser, title, address, starts_at, window_days.

    Raises Invalid for an address that no click may lead to. Records CampaignMade.
    """
    _check(values)
    number = sequences.take("ad campaign", 1, on=db.session.connection())[0]
    campaign = Campaign(
        ref=f"AD-{number:04d}",
        state=State.DRAFT.value,
        targeting={},
        authors=[by.person_id],
        created_by=by.person_id,
        created_at=clock.now(),
        **values,
    )
    db.session.add(campaign)
    db.session.flush()
    events.record(
        CampaignMade(
            actor_id=by.person_id, company_id=None, ref=campaign.ref, advertiser=campaign.advertiser
        )
    )
    return campaign


def change(campaign: Campaign, part: str, values: Mapping[str, Any], *, by: User) -> None:
    """Change a part of a campaign: campaign, delivery or audience.

    Raises Refused where its state does not allow it, Invalid for values that cannot be. Records
    CampaignChanged.
    """
    allowed = states.may_change_delivery if part == "delivery" else states.may_change_content
    if not allowed(campaign.state):
        raise Refused(_l("This cannot be changed any more. Take the campaign back to draft first."))
    _check(values)
    _check_times(values.get("starts_at", campaign.starts_at), values.get("ends_at"))
    changed = {name: each for name, each in values.items() if getattr(campaign, name) != each}
    if not changed:
        return
    for name, value in changed.items():
        setattr(campaign, name, value)
    _touched(campaign, by)
    events.record(
        CampaignChanged(actor_id=by.person_id, company_id=None, ref=campaign.ref, part=part)
    )


def _touched(campaign: Campaign, by: User) -> None:
    if by.person_id not in campaign.authors:
        campaign.authors = [*campaign.authors, by.person_id]


def _check(values: Mapping[str, Any]) -> None:
    if "address" in values and not content.is_web_address(values["address"]):
        sentence = _l("Enter an address that begins with https://, or a page of this site: /…")
        raise Invalid(None, [FieldError("address", sentence)])


def _check_times(starts_at: datetime, ends_at: datetime | None) -> None:
    if ends_at is not None and ends_at <= starts_at:
        raise Invalid(None, [FieldError("ends_on", _l("The end must be after the start."))])


def move(campaign: Campaign, wanted: str, *, by: User, note: str = "") -> None:
    """Move a campaign to another state; an approved one whose time has come runs at once.

    Raises Refused where that is not possible or he would approve his own, Forbidden without the
    right. Records CampaignMoved.
    """
    state = states.advance(campaign.state, wanted)
    if not by.may(states.right_for(campaign.state, state)):
        raise Forbidden(_l("Your role may not do this with campaigns."))
    if state is State.IN_REVIEW:
        _check_complete(campaign)
        _touched(campaign, by)
    if state is State.APPROVED:
        states.refuse_own(by.person_id, campaign.authors)
        campaign.approved_by = by.person_id
    _set(campaign, state, by.person_id, note)
    follow_clock(campaign)


def _check_complete(campaign: Campaign) -> None:
    wanted = select(Creative.id).where(
        Creative.campaign_id == campaign.id, Creative.is_off.is_(False)
    )
    if db.session.scalar(wanted.limit(1)) is None:
        raise Refused(_l("Add at least one creative before you send the campaign to review."))
    if campaign.ends_at is not None and campaign.ends_at <= clock.now():
        raise Refused(_l("The end of this campaign has passed. Set a later one first."))


def _set(campaign: Campaign, state: State, actor: int | None, note: str = "") -> None:
    before, campaign.state = campaign.state, state.value
    events.record(
        CampaignMoved(
            actor_id=actor,
            company_id=None,
            ref=campaign.ref,
            state_before=before,
            state=state.value,
            note=note,
        )
    )


def follow_clock(campaign: Campaign) -> bool:
    """Let a campaign run or end if its time has come; return whether it did."""
    state = states.by_clock(campaign.state, campaign.starts_at, campaign.ends_at, clock.now())
    is_done = campaign.booked is not None and campaign.delivered >= campaign.booked
    if campaign.state == State.RUNNING and is_done:
        state = State.ENDED
    if state is None:
        return False
    _set(campaign, state, None)
    return True


@dataclass(frozen=True)
class NewCreative:
    """A creative as it shall be; files of None keep those that are there."""

    kind: str
    name: str
    zones: list[str]
    weight: int
    words: Mapping[str, Mapping[str, str]]
    colour: str = "teal"
    is_off: bool = False
    picture: str | None = None
    size: tuple[int, int] | None = None
    pictures: Mapping[str, str] = field(default_factory=dict)
    media: str | None = None
    media_type: str | None = None


def keep_creative(
    campaign: Campaign, new: NewCreative, *, by: User, creative: Creative | None = None
) -> Creative:
    """Add a creative to a draft, or change one of it.

    Raises Refused where the campaign is no draft or has MOST_CREATIVES, Invalid where something
    is missing. Records CreativeKept.
    """
    if not states.may_change_content(campaign.state):
        raise Refused(
            _l("Creatives are changed in a draft. Take the campaign back to draft first.")
        )
    words = content.checked_words(new.words, "headline" if new.kind == "text" else "alt")
    is_new = creative is None
    if creative is None:
        creative = _begun(campaign, new.kind)
    _fill(creative, new, words)
    _check_files(creative)
    db.session.flush()
    _touched(campaign, by)
    events.record(
        CreativeKept(
            actor_id=by.person_id,
            company_id=None,
            ref=campaign.ref,
            creative=new.name,
            is_new=is_new,
        )
    )
    return creative


def _begun(campaign: Campaign, kind: str) -> Creative:
    wanted = select(Creative.id).where(Creative.campaign_id == campaign.id)
    if len(db.session.scalars(wanted).all()) >= MOST_CREATIVES:
        raise Refused(_l("A campaign has at most 12 creatives. Remove one first."))
    creative = Creative(campaign_id=campaign.id, kind=kind, pictures={}, zones=[], words={})
    db.session.add(creative)
    return creative


def _fill(creative: Creative, new: NewCreative, words: dict[str, dict[str, str]]) -> None:
    creative.name, creative.zones, creative.weight = new.name, new.zones, new.weight
    creative.words, creative.colour, creative.is_off = words, new.colour, new.is_off
    if new.picture:
        creative.picture = new.picture
        creative.width, creative.height = new.size or (None, None)
    if new.pictures:
        creative.pictures = {**creative.pictures, **new.pictures}
    if new.media:
        creative.media, creative.media_type = new.media, new.media_type


def _check_files(creative: Creative) -> None:
    if creative.kind != "text" and not creative.picture:
        raise Invalid(None, [FieldError("picture", _l("Add a picture: it is shown first."))])
    if creative.kind in ("html5", "video", "sound") and not creative.media:
        raise Invalid(None, [FieldError("media", _l("Add the file that is to be played."))])


def remove_creative(campaign: Campaign, creative: Creative, *, by: User) -> None:
    """Remove a creative from a draft; one that was approved is switched off, for its figures.

    Raises Refused where the campaign is no draft. Records CreativeRemoved.
    """
    if not states.may_change_content(campaign.state):
        raise Refused(
            _l("Creatives are changed in a draft. Take the campaign back to draft first.")
        )
    if campaign.approved_by is not None:
        creative.is_off = True
    else:
        db.session.delete(creative)
    _touched(campaign, by)
    events.record(
        CreativeRemoved(
            actor_id=by.person_id, company_id=None, ref=campaign.ref, creative=creative.name
        )
    )
