"""Tables of friendly links and their groups."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Document, Identity, Instant


class FriendGroup(Base):
    """A heading under which links stand, in an order of the editors."""

    __tablename__ = "friend_group"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    position: Mapped[int]
    #: Language tag → name.
    names: Mapped[dict[str, str]] = mapped_column(Document)


class Friend(Base):
    """A link to somebody else's site, from its proposal on."""

    __tablename__ = "friend"
    __table_args__ = (
        Index("ix_friend_state", "state", "group_id", "position", "id"),
        Index("ix_friend_due", "check_at"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("friend_group.id"))
    position: Mapped[int] = mapped_column(default=0)  # in its group
    #: proposed, listed, hidden, refused: rules.MOVES
    state: Mapped[str]
    url: Mapped[str]
    name: Mapped[str]  # as its owner writes it
    says: Mapped[str | None]  # what is found there, in a sentence
    #: A picture of portal.pages: {key, width, height}; links with one are partners.
    logo: Mapped[dict[str, Any] | None] = mapped_column(Document)
    # Who proposed it: shown to the centre's people only.
    contact_name: Mapped[str | None]
    contact_email: Mapped[str | None]
    spam_score: Mapped[int] = mapped_column(default=0)
    spam_reasons: Mapped[list[str]] = mapped_column(Document)
    #: The form it came with: the same form sent twice makes one link.
    form_name: Mapped[str | None] = mapped_column(unique=True)
    proposed_at: Mapped[datetime] = mapped_column(Instant)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: Why it was refused or hidden, in words for colleagues.
    reason: Mapped[str | None]
    #: When to look next whether it answers; None: it is not looked at.
    check_at: Mapped[datetime | None] = mapped_column(Instant)
    checked_at: Mapped[datetime | None] = mapped_column(Instant)
    #: What the last look gave: an HTTP status as text, or a word for what went wrong.
    found: Mapped[str | None]
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    #: Hidden because it did not answer: it comes back by itself.
    hidden_as_dead: Mapped[bool] = mapped_column(default=False)
