"""Tables of papers: batches of them that a worker makes into one file."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import scope
from portal.core.db import Base, Document, Identity, Instant


class PrintBatch(Base):
    """Many papers in one file, from the order to the file that is fetched.

    queued → running → done; failed and cancelled end it early; expired: the file is gone.
    """

    __tablename__ = "print_batch"
    __table_args__ = (
        Index("ix_print_batch_company", "company_id", "id"),
        Index("ix_print_batch_kept", "kept_until"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    #: For which company; None: the centre's own people, across companies.
    company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    paper: Mapped[str]  # label, waybill
    language: Mapped[str]
    #: Numbers of the consignments, in the order in which they are printed.
    nos: Mapped[list[Any]] = mapped_column(Document)
    consignments: Mapped[int]
    pieces: Mapped[int]
    state: Mapped[str]
    done: Mapped[int] = mapped_column(default=0)  # consignments drawn so far
    pages: Mapped[int] = mapped_column(default=0)
    file_key: Mapped[str | None]
    size: Mapped[int | None]  # bytes
    #: Why it failed: a sentence in the language of the papers.
    error: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    #: When housekeeping deletes the file; None: there is none yet.
    kept_until: Mapped[datetime | None] = mapped_column(Instant)
