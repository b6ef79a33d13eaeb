"""Tables of imports: what was handed in, how it was understood, and what became of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import scope
from portal.core.db import Base, Document, Identity, Instant


class Import(Base):
    """One file of consignments, from upload to result.

    uploaded → checking → checked → running → done; failed and cancelled end it early.
    """

    __tablename__ = "import"
    __table_args__ = (Index("ix_import_company", "company_id", "id"), {"info": scope.SCOPED})

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: a command
    name: Mapped[str]
    size: Mapped[int]  # bytes
    sha256: Mapped[str]
    file_key: Mapped[str]
    #: What a person chose for reading it: encoding, delimiter, title of the worksheet.
    reading: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    headers: Mapped[list[str] | None] = mapped_column(Document)
    samples: Mapped[list[list[str]] | None] = mapped_column(Document)  # rows of cells
    titles: Mapped[list[str] | None] = mapped_column(Document)  # worksheets
    kind: Mapped[str]  # orders, history
    mapping: Mapped[dict[str, Any] | None] = mapped_column(Document)
    state: Mapped[str]
    #: all_or_nothing or good_rows; None: not chosen yet.
    choice: Mapped[str | None]
    #: Why it failed: a sentence as ``sentences.kept`` gives it.
    error: Mapped[list[Any] | None] = mapped_column(Document)
    #: The file of ``findings`` that the check wrote.
    check_key: Mapped[str | None]
    rows: Mapped[int] = mapped_column(default=0)
    consignments: Mapped[int] = mapped_column(default=0)
    good: Mapped[int] = mapped_column(default=0)
    bad: Mapped[int] = mapped_column(default=0)
    existing: Mapped[int] = mapped_column(default=0)  # good ones whose order number is taken
    problems: Mapped[int] = mapped_column(default=0)  # cells that keep a consignment out
    notes: Mapped[int] = mapped_column(default=0)  # cells kept as given
    #: Date columns in which no cell proves whether the day or the month comes first.
    open_dates: Mapped[list[str] | None] = mapped_column(Document)
    created: Mapped[int] = mapped_column(default=0)
    #: Place of the last consignment that was posted: where to go on after a crash.
    posted: Mapped[int] = mapped_column(default=0)
    progress: Mapped[int] = mapped_column(default=0)  # of 1000, of the step under way
    created_at: Mapped[datetime] = mapped_column(Instant)
    checked_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class ImportMapping(Base):
    """How a company's files with these headers were understood the last time."""

    __tablename__ = "import_mapping"
    __table_args__ = (UniqueConstraint("company_id", "signature"), {"info": scope.SCOPED})

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    signature: Mapped[str]
    mapping: Mapped[dict[str, Any]] = mapped_column(Document)
    used_at: Mapped[datetime] = mapped_column(Instant)
