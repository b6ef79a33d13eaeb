"""What is said in rooms, and the reports against it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Identity, Instant

_FLAGGED = text("flagged > 0")


class ClubMessage(Base):
    """One message in a room. Its HTML is made when it is sent, not when it is read."""

    __tablename__ = "club_message"
    __table_args__ = (
        UniqueConstraint("room_id", "no"),
        Index("ix_club_message_author", "author_id", "id"),
        Index("ix_club_message_created_at", "created_at"),
        Index(
            "ix_club_message_flagged",
            "flagged",
            sqlite_where=_FLAGGED,
            postgresql_where=_FLAGGED,
        ),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("club_room.id"))
    no: Mapped[int]  # 1, 2, 3 … in its room
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: For whom the author wrote, and as what, as it was then.
    company_name: Mapped[str | None]
    staff_role: Mapped[str | None]
    #: visible, hidden (by reports), removed (by a moderator), taken_back (by its author)
    state: Mapped[str] = mapped_column(default="visible")
    text: Mapped[str]  # Markdown
    html: Mapped[str]
    #: Weight of the reports against it that nobody has decided about, in hundredths.
    flagged: Mapped[int] = mapped_column(default=0)
    #: Counts reports and decisions: who decides names what he saw.
    version: Mapped[int] = mapped_column(default=1)
    #: Name of the form it was sent by: the same form sent twice is one message.
    form_name: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)


class ClubMessageFlag(Base):
    """One person's report against a message."""

    __tablename__ = "club_message_flag"
    __table_args__ = (
        UniqueConstraint("message_id", "person_id"),
        Index("ix_club_message_flag_person", "person_id", "outcome"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("club_message.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str]  # forum.rules.order.REASONS
    note: Mapped[str | None]
    weight: Mapped[int]  # in hundredths, as it was when it was made
    outcome: Mapped[str | None]  # agreed, disagreed, ignored; None: undecided
    at: Mapped[datetime] = mapped_column(Instant)
