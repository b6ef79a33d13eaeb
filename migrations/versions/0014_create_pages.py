"""create pages: what is written, its versions, pictures and old addresses

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import portal.core.db
from portal.pages.fulltext import INDEX as PAGE_WORDS

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

IDENTITY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
INSTANT = portal.core.db.Instant(timezone=True)


def upgrade() -> None:
    _create_page()
    _create_version()
    _create_picture()
    _create_redirect()
    PAGE_WORDS.create(op.get_bind())
    PAGE_WORDS.create_terms(op.get_bind())


def _person(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], ["person.id"], name=op.f(f"fk_{table}_{column}_person")
    )


def _page(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["page.id"], name=op.f(f"fk_{table}_{column}_page"))


def _create_page() -> None:
    op.create_table(
        "page",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("parent_id", IDENTITY, nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("window", sa.Integer(), nullable=True),
        sa.Column("places", DOCUMENT, nullable=False),
        sa.Column("valid_from", INSTANT, nullable=True),
        sa.Column("valid_until", INSTANT, nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("newest_number", sa.Integer(), nullable=False),
        sa.Column("shown_number", sa.Integer(), nullable=True),
        sa.Column("shown_at", INSTANT, nullable=True),
        sa.Column("publish_at", INSTANT, nullable=True),
        sa.Column("lacks", sa.String(), nullable=False),
        sa.Column("author_id", IDENTITY, nullable=True),
        sa.Column("reviewer_id", IDENTITY, nullable=True),
        sa.Column("reviewed_at", INSTANT, nullable=True),
        sa.Column("review_note", sa.String(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        _page("page", "parent_id"),
        _person("page", "author_id"),
        _person("page", "reviewer_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page")),
        sa.UniqueConstraint("kind", "slug", name=op.f("uq_page_kind_slug")),
    )
    op.create_index("ix_page_shown", "page", ["kind", "shown_at", "id"])
    op.create_index("ix_page_parent", "page", ["parent_id", "position", "id"])
    op.create_index("ix_page_changed", "page", ["changed_at", "id"])
    op.create_index("ix_page_due", "page", ["state", "publish_at"])


def _create_version() -> None:
    op.create_table(
        "page_version",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("page_id", IDENTITY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("texts", DOCUMENT, nullable=False),
        sa.Column("picture", DOCUMENT, nullable=True),
        sa.Column("blocks", DOCUMENT, nullable=False),
        sa.Column("settings", DOCUMENT, nullable=False),
        sa.Column("languages", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("made_by_id", IDENTITY, nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("published_at", INSTANT, nullable=True),
        _page("page_version", "page_id"),
        _person("page_version", "made_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_version")),
        sa.UniqueConstraint("page_id", "number", name=op.f("uq_page_version_page_id_number")),
    )


def _create_picture() -> None:
    op.create_table(
        "page_picture",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("files", DOCUMENT, nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("made_by_id", IDENTITY, nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        _person("page_picture", "made_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_picture")),
        sa.UniqueConstraint("key", name=op.f("uq_page_picture_key")),
    )
    op.create_index("ix_page_picture_sha256", "page_picture", ["sha256"])


def _create_redirect() -> None:
    op.create_table(
        "page_redirect",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("page_id", IDENTITY, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        _page("page_redirect", "page_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_redirect")),
        sa.UniqueConstraint("kind", "slug", name=op.f("uq_page_redirect_kind_slug")),
    )
    op.create_index("ix_page_redirect_page_id", "page_redirect", ["page_id"])


def downgrade() -> None:
    PAGE_WORDS.drop_terms(op.get_bind())
    PAGE_WORDS.drop(op.get_bind())
    for table in ("page_redirect", "page_picture", "page_version", "page"):
        op.drop_table(table)
