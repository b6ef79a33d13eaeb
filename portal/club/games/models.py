"""Rounds that were played, the best of each person in a week, and how a week ended.

Everybody in the club reads the boards: the rows belong to no company, they say for whom was played.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Document, Identity, Instant

_OPEN = text("state = 'open'")


class GameRound(Base):
    """One round that counts: begun here, played in a browser, handed in once."""

    __tablename__ = "game_round"
    __table_args__ = (
        Index(
            "uq_game_round_open",
            "person_id",
            "game",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_game_round_person", "person_id", "game", "started_at"),
        UniqueConstraint("game", "digest"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id"), index=True)
    game: Mapped[str]  # rules.GAMES
    week: Mapped[str]  # rules.weeks: “2026-W47”
    seed: Mapped[int] = mapped_column(Identity)  # 32 bits; the level is made from it
    state: Mapped[str] = mapped_column(default="open")  # open, scored, refused, given_up
    score: Mapped[int | None]
    #: What the score is made of; of a refused round: ``code``, why.
    parts: Mapped[dict[str, Any] | None] = mapped_column(Document)
    #: The log as it was handed in: lists of whole numbers, the first the milliseconds.
    moves: Mapped[list[Any] | None] = mapped_column(Document)
    #: Of the log: the same one never counts twice, whoever hands it in.
    digest: Mapped[str | None]
    started_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)


class GameBest(Base):
    """The best round of a person in one week of one game: what the boards are made of."""

    __tablename__ = "game_best"
    __table_args__ = (
        UniqueConstraint("game", "week", "person_id"),
        Index("ix_game_best_score", "game", "week", "score"),
        Index("ix_game_best_person", "person_id", "game"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    game: Mapped[str]
    week: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id"), index=True)
    score: Mapped[int]
    round_id: Mapped[int] = mapped_column(ForeignKey("game_round.id"))
    at: Mapped[datetime] = mapped_column(Instant)


class GameWeek(Base):
    """A week of a game that is over, with those who came first."""

    __tablename__ = "game_week"
    __table_args__ = (UniqueConstraint("game", "week"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    game: Mapped[str]
    week: Mapped[str]
    players: Mapped[int]
    #: The first places: person_id, score, points (0 where too few played).
    winners: Mapped[list[Any]] = mapped_column(Document)
    closed_at: Mapped[datetime] = mapped_column(Instant)
