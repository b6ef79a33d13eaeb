"""create messages

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import portal.core.db
from portal.core.fulltext import FullText

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "closed_day",
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("works_like", sa.Integer(), nullable=True),
        sa.Column("created_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("on", name=op.f("pk_closed_day")),
    )

    op.create_table(
        "message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column(
            "company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("company_name", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("is_private", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("public_name", sa.String(), nullable=True),
        sa.Column("public_subject", sa.String(), nullable=True),
        sa.Column("public_text", sa.String(), nullable=True),
        sa.Column("published_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.Column("asked_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column("due_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.Column("answered_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.Column(
            "assigned_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "merged_into_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("merged_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.Column("spam_score", sa.Integer(), nullable=False),
        sa.Column(
            "spam_reasons",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column(
            "sketch",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("sender", sa.String(), nullable=True),
        sa.Column("form_name", sa.String(), nullable=True),
        sa.Column("created_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assigned_id"], ["person.id"], name=op.f("fk_message_assigned_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_message_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["message.id"], name=op.f("fk_message_merged_into_id_message")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_message_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("form_name", name=op.f("uq_message_form_name")),
        sa.UniqueConstraint("ref", name=op.f("uq_message_ref")),
    )
    op.create_index("ix_message_board", "message", ["state", "published_at", "id"], unique=False)
    op.create_index(
        "ix_message_board_topic", "message", ["state", "topic", "published_at", "id"], unique=False
    )
    op.create_index("ix_message_company", "message", ["company_id", "id"], unique=False)
    op.create_index(
        "ix_message_due",
        "message",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index("ix_message_merged", "message", ["merged_into_id"], unique=False)
    op.create_index("ix_message_recent", "message", ["created_at"], unique=False)
    op.create_index("ix_message_state", "message", ["state", "is_private", "id"], unique=False)
    op.create_table(
        "message_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column(
            "message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("author_name", sa.String(), nullable=False),
        sa.Column("author_role", sa.String(), nullable=True),
        sa.Column("form_name", sa.String(), nullable=True),
        sa.Column("created_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_message_entry_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_message_entry_message_id_message")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_message_entry_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_entry")),
        sa.UniqueConstraint("form_name", name=op.f("uq_message_entry_form_name")),
        sa.UniqueConstraint("ref", name=op.f("uq_message_entry_ref")),
    )
    op.create_index("ix_message_entry_message", "message_entry", ["message_id", "id"], unique=False)
    op.create_table(
        "message_file",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column(
            "message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("file_key", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("created_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_message_file_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["message_entry.id"], name=op.f("fk_message_file_entry_id_message_entry")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_message_file_message_id_message")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_file")),
        sa.UniqueConstraint("ref", name=op.f("uq_message_file_ref")),
    )
    op.create_index("ix_message_file_message", "message_file", ["message_id", "id"], unique=False)
    op.create_table(
        "call_back",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column(
            "company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("company_name", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("window_from", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column("window_to", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column(
            "assigned_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("spam_score", sa.Integer(), nullable=False),
        sa.Column(
            "spam_reasons",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("form_name", sa.String(), nullable=True),
        sa.Column("created_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column("ended_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["assigned_id"], ["person.id"], name=op.f("fk_call_back_assigned_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_call_back_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_call_back_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_back")),
        sa.UniqueConstraint("form_name", name=op.f("uq_call_back_form_name")),
        sa.UniqueConstraint("ref", name=op.f("uq_call_back_ref")),
    )
    op.create_index("ix_call_back_company", "call_back", ["company_id", "id"], unique=False)
    op.create_index(
        "ix_call_back_due",
        "call_back",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_table(
        "call_attempt",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "call_back_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("next_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.Column("created_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_back_id"], ["call_back.id"], name=op.f("fk_call_attempt_call_back_id_call_back")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_call_attempt_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_call_attempt_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_attempt")),
    )
    op.create_index("ix_call_attempt_call", "call_attempt", ["call_back_id", "id"], unique=False)
    op.create_table(
        "answer_time",
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("on", "minutes", name=op.f("pk_answer_time")),
    )
    for name in ("message_words", "board_words"):
        FullText(name).create(op.get_bind())
        FullText(name).create_terms(op.get_bind())


def downgrade() -> None:
    for name in ("board_words", "message_words"):
        FullText(name).drop_terms(op.get_bind())
        FullText(name).drop(op.get_bind())
    for name in (
        "answer_time",
        "call_attempt",
        "call_back",
        "message_file",
        "message_entry",
        "message",
        "closed_day",
    ):
        op.drop_table(name)
