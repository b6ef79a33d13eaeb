"""Tables of advertising: campaigns, their creatives, what was seen and clicked, and the totals."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Document, Identity, Instant


class Campaign(Base):
    """What one advertiser has booked: from a draft to its end (``rules.states``)."""

    __tablename__ = "ad_campaign"
    __table_args__ = (Index("ix_ad_campaign_state", "state"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)  # AD-0001
    advertiser: Mapped[str]
    title: Mapped[str]  # for the desk alone
    #: Where its clicks lead, http or https; the only place a click can lead to.
    address: Mapped[str]
    state: Mapped[str] = mapped_column(default="draft")
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime | None] = mapped_column(Instant)
    priority: Mapped[int] = mapped_column(default=2)  # 1 first … 3 only if nothing else fits
    weight: Mapped[int] = mapped_column(default=10)  # share among those of the same priority
    #: Valid views booked; None: as many as there are.
    booked: Mapped[int | None]
    #: Most valid views a person gets in a day; None: no limit.
    cap: Mapped[int | None]
    #: Fact → values of which the reader must have one (``rules.targeting``).
    targeting: Mapped[dict[str, Any]] = mapped_column(Document)
    #: Days after a click in which an inquiry or application counts for it.
    window_days: Mapped[int] = mapped_column(default=7)
    #: Everybody who has made or changed it: none of them may approve it.
    authors: Mapped[list[Any]] = mapped_column(Document)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    #: Valid views so far, kept by the writer of the totals.
    delivered: Mapped[int] = mapped_column(default=0)


class Creative(Base):
    """One way in which a campaign shows itself in some zones."""

    __tablename__ = "ad_creative"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("ad_campaign.id"), index=True)
    kind: Mapped[str]  # image, text, html5, video, sound
    name: Mapped[str]  # tells it from others in reports
    zones: Mapped[list[Any]] = mapped_column(Document)
    weight: Mapped[int] = mapped_column(default=10)  # share of the campaign's views
    #: Language → {alt, headline, line}.
    words: Mapped[dict[str, Any]] = mapped_column(Document)
    #: Colours of a text, and behind what does not fill its place (``rules.zones.COLOURS``).
    colour: Mapped[str] = mapped_column(default="teal")
    #: Pixels of its picture, for the place it takes.
    width: Mapped[int | None]
    height: Mapped[int | None]
    #: File of the picture, and of a picture with other words by language.
    picture: Mapped[str | None]
    pictures: Mapped[dict[str, Any]] = mapped_column(Document)
    #: File of the animation, video or sound, and what it is.
    media: Mapped[str | None]
    media_type: Mapped[str | None]
    is_off: Mapped[bool] = mapped_column(default=False)


class AdHit(Base):
    """A view or click as it came in, whether it counted or why not; thinned after 90 days."""

    __tablename__ = "ad_hit"
    __table_args__ = (
        Index(
            "ix_ad_hit_once",
            "kind",
            "impression",
            unique=True,
            sqlite_where=text("reason IS NULL"),
            postgresql_where=text("reason IS NULL"),
        ),
        Index("ix_ad_hit_visitor", "visitor", "day", "kind"),
        Index("ix_ad_hit_at", "at"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    kind: Mapped[str]  # view, click
    #: Random part of the signed id; None where there was none that we had made.
    impression: Mapped[str | None]
    campaign_id: Mapped[int | None]
    creative_id: Mapped[int | None]
    zone: Mapped[str | None]
    #: Who, for one day: a keyed hash that holds no address (``visitors``).
    visitor: Mapped[str]
    day: Mapped[date]
    at: Mapped[datetime] = mapped_column(Instant)
    reason: Mapped[str | None]  # None: valid; else one of ``rules.counting.REASONS``


class AdCount(Base):
    """Totals of a day; what reports read, however long the history is."""

    __tablename__ = "ad_count"

    day: Mapped[date] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(Identity, primary_key=True, autoincrement=False)
    creative_id: Mapped[int] = mapped_column(Identity, primary_key=True, autoincrement=False)
    zone: Mapped[str] = mapped_column(primary_key=True)
    served: Mapped[int]  # sent to a page
    views: Mapped[int]  # reported as seen: raw
    valid_views: Mapped[int]
    viewers: Mapped[int]  # each visitor once a day
    clicks: Mapped[int]  # raw
    valid_clicks: Mapped[int]
    clickers: Mapped[int]
    inquiries: Mapped[int]
    applications: Mapped[int]


class AdReason(Base):
    """How many views and clicks of a day did not count, and why. Campaign 0: not known."""

    __tablename__ = "ad_reason"

    day: Mapped[date] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(Identity, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]


class AdConversion(Base):
    """An inquiry or application that followed a click within its campaign's window."""

    __tablename__ = "ad_conversion"
    __table_args__ = (UniqueConstraint("kind", "ref"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    kind: Mapped[str]  # inquiry, application
    ref: Mapped[str]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("ad_campaign.id"), index=True)
    creative_id: Mapped[int]
    zone: Mapped[str]
    clicked_at: Mapped[datetime] = mapped_column(Instant)
    at: Mapped[datetime] = mapped_column(Instant)
