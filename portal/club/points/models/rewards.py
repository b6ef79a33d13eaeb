"""Rewards, and who ordered them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Document, Identity, Instant

_PENDING = text("state = 'open' OR state = 'ready'")


class Reward(Base):
    """Something that points buy."""

    __tablename__ = "reward"
    __table_args__ = (
        CheckConstraint("stock >= 0", name="stock"),
        CheckConstraint("cost > 0", name="cost"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)  # ``RW…``
    kind: Mapped[str]  # rules.rewards.KINDS
    names: Mapped[dict[str, str]] = mapped_column(Document)  # language tag → name
    abouts: Mapped[dict[str, str]] = mapped_column(Document)
    picture: Mapped[str | None]  # key of a file
    cost: Mapped[int]  # points
    stock: Mapped[int | None]  # None: as many as are asked for
    per_person: Mapped[int | None]  # None: no limit
    needs_approval: Mapped[bool] = mapped_column(default=True)
    is_shown: Mapped[bool] = mapped_column(default=True)
    #: Counts edits: who edits names what he saw.
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(Instant)


class RewardOrder(Base):
    """One piece that somebody ordered: open → ready → handed | refused | cancelled."""

    __tablename__ = "reward_order"
    __table_args__ = (
        Index("ix_reward_order_person", "person_id", "id"),
        Index("ix_reward_order_reward", "reward_id", "person_id"),
        Index(
            "ix_reward_order_pending",
            "id",
            sqlite_where=_PENDING,
            postgresql_where=_PENDING,
        ),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)  # ``RO…``
    reward_id: Mapped[int] = mapped_column(ForeignKey("reward.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    company_name: Mapped[str | None]  # for whom he worked then
    points: Mapped[int]  # what it cost then
    entry_id: Mapped[int] = mapped_column(ForeignKey("point_entry.id"))  # that paid it
    state: Mapped[str]  # rules.rewards.STATES
    reason: Mapped[str | None]  # of a refusal, for who ordered it
    #: Name of the form it was sent by: the same form sent twice is one order.
    form_name: Mapped[str] = mapped_column(unique=True)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    handed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    handed_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
