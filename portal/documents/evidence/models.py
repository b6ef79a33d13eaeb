"""The table of evidence packs that were made."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import scope
from portal.core.db import Base, Document, Identity, Instant


class EvidencePack(Base):
    """One pack: what it says, up to where, and the fingerprints of what was handed out.

    The files themselves are not kept: they are made anew, to the byte, from the same history.
    """

    __tablename__ = "evidence_pack"
    __table_args__ = (
        Index("ix_evidence_pack_consignment", "consignment_id", "id"),
        {"info": scope.SCOPED},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    consignment_id: Mapped[int] = mapped_column(ForeignKey("consignment.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    language: Mapped[str]
    #: Whether it holds what only the centre's own people may read.
    internal: Mapped[bool]
    #: The last position of the log, and its hash, when the pack was made.
    position: Mapped[int] = mapped_column(Identity)
    head_hash: Mapped[str]
    #: SHA-256 over the links of its events and what is sealed: whether the log still agrees.
    chain_sha256: Mapped[str]
    events: Mapped[int]
    #: Name of a file → its SHA-256: those inside, the manifest, the pack and the paper.
    files: Mapped[dict[str, Any]] = mapped_column(Document)
