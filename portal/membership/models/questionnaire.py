"""Questionnaires: the questions of the application, as numbered versions."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Document, Identity, Instant


class Questionnaire(Base):
    """One version of the questions: draft → published → retired. Published ones never change."""

    __tablename__ = "questionnaire"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    version: Mapped[int] = mapped_column(unique=True)
    state: Mapped[str]
    #: Sections with their questions; the shape stands in ``rules/questions.py``.
    content: Mapped[dict[str, Any]] = mapped_column(Document)
    #: What is new in this version, in the words of who published it.
    note: Mapped[str | None]
    edited_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    published_at: Mapped[datetime | None] = mapped_column(Instant)
