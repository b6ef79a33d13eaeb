"""write directly: messages between two people, cards of the members’ directory

Revision ID: 0041
Revises: 0040
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import portal.core.db
from portal.club.people.fulltext import CARDS

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "club_card",
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.Column("shows_name", sa.Boolean(), nullable=False),
        sa.Column("shows_company", sa.Boolean(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column(
            "languages",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("picture", sa.String(), nullable=True),
        sa.Column("is_barred", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_club_card_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_club_card_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_club_card")),
    )
    with op.batch_alter_table("club_card", schema=None) as batch_op:
        batch_op.create_index("ix_club_card_company", ["company_id"], unique=False)

    op.create_table(
        "club_card_mark",
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_club_card_mark_person_id_person")
        ),
        sa.PrimaryKeyConstraint("mark", "person_id", name=op.f("pk_club_card_mark")),
    )
    op.create_table(
        "club_card_report",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column(
            "decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("decided_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.Column("at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_club_card_report_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_club_card_report_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_club_card_report_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_club_card_report")),
        sa.UniqueConstraint("person_id", "by_id", name=op.f("uq_club_card_report_person_id_by_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_club_card_report_ref")),
    )
    with op.batch_alter_table("club_card_report", schema=None) as batch_op:
        batch_op.create_index("ix_club_card_report_state", ["state", "id"], unique=False)

    op.create_table(
        "club_company_card",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.Column("region", sa.String(), nullable=True),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column(
            "offers",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "seeks",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("offers_words", sa.String(), nullable=False),
        sa.Column("seeks_words", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "changed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("changed_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["person.id"], name=op.f("fk_club_company_card_changed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_club_company_card_company_id_company")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_club_company_card")),
        sa.UniqueConstraint("company_id", name=op.f("uq_club_company_card_company_id")),
    )
    op.create_table(
        "direct_talk",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("low_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("high_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "begun_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("last_no", sa.Integer(), nullable=False),
        sa.Column("created_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.CheckConstraint("low_id < high_id", name=op.f("ck_direct_talk_two_people")),
        sa.ForeignKeyConstraint(
            ["begun_by_id"], ["person.id"], name=op.f("fk_direct_talk_begun_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["high_id"], ["person.id"], name=op.f("fk_direct_talk_high_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["low_id"], ["person.id"], name=op.f("fk_direct_talk_low_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_direct_talk")),
        sa.UniqueConstraint("low_id", "high_id", name=op.f("uq_direct_talk_low_id_high_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_direct_talk_ref")),
    )
    with op.batch_alter_table("direct_talk", schema=None) as batch_op:
        batch_op.create_index("ix_direct_talk_begun", ["begun_by_id", "created_at"], unique=False)

    op.create_table(
        "direct_message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("talk_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column(
            "author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("form_name", sa.String(), nullable=True),
        sa.Column("created_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_direct_message_author_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["talk_id"], ["direct_talk.id"], name=op.f("fk_direct_message_talk_id_direct_talk")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_direct_message")),
        sa.UniqueConstraint("form_name", name=op.f("uq_direct_message_form_name")),
        sa.UniqueConstraint("talk_id", "no", name=op.f("uq_direct_message_talk_id_no")),
    )
    op.create_table(
        "direct_side",
        sa.Column("talk_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("other_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("read_no", sa.Integer(), nullable=False),
        sa.Column("unread", sa.Integer(), nullable=False),
        sa.Column("gone_no", sa.Integer(), nullable=False),
        sa.Column("last_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["other_id"], ["person.id"], name=op.f("fk_direct_side_other_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_direct_side_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["talk_id"], ["direct_talk.id"], name=op.f("fk_direct_side_talk_id_direct_talk")
        ),
        sa.PrimaryKeyConstraint("talk_id", "person_id", name=op.f("pk_direct_side")),
    )
    with op.batch_alter_table("direct_side", schema=None) as batch_op:
        batch_op.create_index("ix_direct_side_list", ["person_id", "last_id"], unique=False)

    op.create_table(
        "direct_gone",
        sa.Column(
            "message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["direct_message.id"],
            name=op.f("fk_direct_gone_message_id_direct_message"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_direct_gone_person_id_person")
        ),
        sa.PrimaryKeyConstraint("message_id", "person_id", name=op.f("pk_direct_gone")),
    )
    op.create_table(
        "direct_report",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column(
            "message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column(
            "decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("decided_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.Column("at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_direct_report_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_direct_report_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["direct_message.id"],
            name=op.f("fk_direct_report_message_id_direct_message"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_direct_report")),
        sa.UniqueConstraint("message_id", "by_id", name=op.f("uq_direct_report_message_id_by_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_direct_report_ref")),
    )
    with op.batch_alter_table("direct_report", schema=None) as batch_op:
        batch_op.create_index("ix_direct_report_by", ["by_id", "id"], unique=False)
        batch_op.create_index("ix_direct_report_state", ["state", "id"], unique=False)

    with op.batch_alter_table("forum_profile", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("is_listed", sa.Boolean(), server_default=sa.false(), nullable=False)
        )

    CARDS.create(op.get_bind())
    CARDS.create_terms(op.get_bind())


def downgrade() -> None:
    CARDS.drop_terms(op.get_bind())
    CARDS.drop(op.get_bind())
    with op.batch_alter_table("forum_profile", schema=None) as batch_op:
        batch_op.drop_column("is_listed")

    with op.batch_alter_table("direct_report", schema=None) as batch_op:
        batch_op.drop_index("ix_direct_report_state")
        batch_op.drop_index("ix_direct_report_by")

    op.drop_table("direct_report")
    op.drop_table("direct_gone")
    with op.batch_alter_table("direct_side", schema=None) as batch_op:
        batch_op.drop_index("ix_direct_side_list")

    op.drop_table("direct_side")
    op.drop_table("direct_message")
    with op.batch_alter_table("direct_talk", schema=None) as batch_op:
        batch_op.drop_index("ix_direct_talk_begun")

    op.drop_table("direct_talk")
    op.drop_table("club_company_card")
    with op.batch_alter_table("club_card_report", schema=None) as batch_op:
        batch_op.drop_index("ix_club_card_report_state")

    op.drop_table("club_card_report")
    op.drop_table("club_card_mark")
    with op.batch_alter_table("club_card", schema=None) as batch_op:
        batch_op.drop_index("ix_club_card_company")

    op.drop_table("club_card")
