"""Tables of everything that is written: pages, their versions, pictures and old addresses.

None of it belongs to a member: these are the centre's own words, for everybody.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Document, Identity, Instant


class Page(Base):
    """One written thing: what stands here is what is shown, and how far its newest version is.

    While ``shown_number`` is set the page is public; a newer version may be a draft meanwhile.
    What a version changes of the columns up to ``valid_until`` counts once it is published.
    """

    __tablename__ = "page"
    __table_args__ = (
        UniqueConstraint("kind", "slug"),
        Index("ix_page_shown", "kind", "shown_at", "id"),
        Index("ix_page_parent", "parent_id", "position", "id"),
        Index("ix_page_changed", "changed_at", "id"),
        Index("ix_page_due", "state", "publish_at"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    kind: Mapped[str]  # page, news, notice, article, service
    slug: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("page.id"))
    position: Mapped[int] = mapped_column(default=0)  # among its siblings
    window: Mapped[int | None]  # 1 to 9: the window it stands in
    #: Where a notice is shown: rules.kinds.PLACES.
    places: Mapped[list[str]] = mapped_column(Document)
    valid_from: Mapped[datetime | None] = mapped_column(Instant)
    valid_until: Mapped[datetime | None] = mapped_column(Instant)
    #: draft, in_review, scheduled, published, archived: of the newest version
    state: Mapped[str]
    newest_number: Mapped[int]
    #: The version that everybody may read; None: none.
    shown_number: Mapped[int | None]
    #: When it was first published; stays when it is published again.
    shown_at: Mapped[datetime | None] = mapped_column(Instant)
    #: When the newest version is to be published.
    publish_at: Mapped[datetime | None] = mapped_column(Instant)
    #: Languages in which the newest version is not complete, such as ``zh-Hant en``.
    lacks: Mapped[str] = mapped_column(default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reviewed_at: Mapped[datetime | None] = mapped_column(Instant)
    #: What the reviewer asked for when he sent the page back.
    review_note: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)


class PageVersion(Base):
    """What a page says, as somebody saved it; never changed afterwards."""

    __tablename__ = "page_version"
    __table_args__ = (UniqueConstraint("page_id", "number"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"))
    number: Mapped[int]  # 1, 2, 3 … per page
    #: Language tag → {title, summary, description, alt}.
    texts: Mapped[dict[str, Any]] = mapped_column(Document)
    #: The picture that stands for the page: {key, width, height}; None: none.
    picture: Mapped[dict[str, Any] | None] = mapped_column(Document)
    #: [{id, type, shared: {…}, texts: {tag: {…}}, items: [{id, shared, texts}]}], in order.
    blocks: Mapped[list[dict[str, Any]]] = mapped_column(Document)
    #: {slug, parent_id, position, window, places, valid_from, valid_until}; instants as text.
    settings: Mapped[dict[str, Any]] = mapped_column(Document)
    #: Languages in which it is complete, such as ``zh-Hans en``.
    languages: Mapped[str]
    note: Mapped[str | None]  # why it was changed, in its writer's words
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    #: When it was published last; None: never.
    published_at: Mapped[datetime | None] = mapped_column(Instant)


class PagePicture(Base):
    """A picture that pages show, kept in several widths."""

    __tablename__ = "page_picture"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    #: Its name in addresses, random.
    key: Mapped[str] = mapped_column(unique=True)
    width: Mapped[int]  # px, of the largest
    height: Mapped[int]
    #: Width in px, as text → {key, sha256, size}: the kept files.
    files: Mapped[dict[str, Any]] = mapped_column(Document)
    #: SHA-256 of what was sent: the same picture is kept once.
    sha256: Mapped[str] = mapped_column(index=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)


class PageRedirect(Base):
    """An address that a page had before; it leads to wherever the page is now."""

    __tablename__ = "page_redirect"
    __table_args__ = (UniqueConstraint("kind", "slug"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    kind: Mapped[str]
    slug: Mapped[str]
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
