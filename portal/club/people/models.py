"""Tables of the directory. Members of all companies share what somebody wants to be shown."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Document, Identity, Instant


class ClubCard(Base):
    """How one person wants to be found by others; nobody is unless he says so."""

    __tablename__ = "club_card"
    __table_args__ = (Index("ix_club_card_company", "company_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    #: For which of his companies he stands here; None: for none.
    company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id"))
    is_shown: Mapped[bool] = mapped_column(default=False)
    shows_name: Mapped[bool] = mapped_column(default=True)
    shows_company: Mapped[bool] = mapped_column(default=True)
    about: Mapped[str] = mapped_column(default="")
    languages: Mapped[list[str]] = mapped_column(Document)  # rules.cards.LANGUAGES
    picture: Mapped[str | None]  # key of core.files
    #: A moderator took it down; its owner reads why among his entries and may ask for another look.
    is_barred: Mapped[bool] = mapped_column(default=False)
    #: What a form that changes it began from.
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(Instant)


class ClubCompanyCard(Base):
    """What a company offers and looks for; stands on the cards of its people."""

    __tablename__ = "club_company_card"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"), unique=True)
    is_shown: Mapped[bool] = mapped_column(default=False)
    region: Mapped[str | None]  # rules.cards.REGIONS
    city: Mapped[str] = mapped_column(default="")
    offers: Mapped[list[str]] = mapped_column(Document)  # rules.cards.SERVICES
    seeks: Mapped[list[str]] = mapped_column(Document)
    offers_words: Mapped[str] = mapped_column(default="")
    seeks_words: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(Instant)


class ClubCardMark(Base):
    """By what the card of a person is found: ``offers:cold``, ``seeks:air``, ``speaks:en``."""

    __tablename__ = "club_card_mark"

    mark: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)


class ClubCardReport(Base):
    """Somebody told the moderators that a card should not stand there."""

    __tablename__ = "club_card_report"
    __table_args__ = (
        UniqueConstraint("person_id", "by_id"),
        Index("ix_club_card_report_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))  # whose card
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str]  # forum.rules.order.REASONS
    note: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="open")  # open, agreed, disagreed, ignored
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    at: Mapped[datetime] = mapped_column(Instant)
