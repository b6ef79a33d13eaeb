"""notices of what happened; figures of the club

Revision ID: 0042
Revises: 0041
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import portal.core.db

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

_DOC = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "club_people",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("writers", sa.Integer(), nullable=False),
        sa.Column("readers", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("week", name=op.f("pk_club_people")),
    )
    op.create_table(
        "club_week",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("space_id", _ID, nullable=False),
        sa.Column("topics", sa.Integer(), nullable=False),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.Column("questions", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["space_id"], ["forum_space.id"], name=op.f("fk_club_week_space_id_forum_space")
        ),
        sa.PrimaryKeyConstraint("week", "space_id", name=op.f("pk_club_week")),
    )
    op.create_table(
        "club_person_week",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.Column("has_come", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_club_person_week_person_id_person")
        ),
        sa.PrimaryKeyConstraint("week", "person_id", name=op.f("pk_club_person_week")),
    )
    op.create_table(
        "notice_choice",
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_notice_choice_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", "kind", name=op.f("pk_notice_choice")),
    )
    op.create_table(
        "notice_reader",
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("unread", sa.Integer(), nullable=False),
        sa.Column("recount_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.Column("digest_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_notice_reader_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_notice_reader")),
    )
    with op.batch_alter_table("notice_reader", schema=None) as batch_op:
        batch_op.create_index(
            "ix_notice_reader_digest",
            ["digest_at"],
            unique=False,
            sqlite_where=sa.text("digest_at IS NOT NULL"),
            postgresql_where=sa.text("digest_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_notice_reader_recount",
            ["recount_at"],
            unique=False,
            sqlite_where=sa.text("recount_at IS NOT NULL"),
            postgresql_where=sa.text("recount_at IS NOT NULL"),
        )

    op.create_table(
        "club_topic_fact",
        sa.Column("topic_id", _ID, autoincrement=False, nullable=False),
        sa.Column("space_id", _ID, nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.Column("is_question", sa.Boolean(), nullable=False),
        sa.Column("is_accepted", sa.Boolean(), nullable=False),
        sa.Column("first_answer_s", sa.Integer(), nullable=True),
        sa.Column("posts", _DOC, nullable=False),
        sa.ForeignKeyConstraint(
            ["space_id"], ["forum_space.id"], name=op.f("fk_club_topic_fact_space_id_forum_space")
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["forum_topic.id"], name=op.f("fk_club_topic_fact_topic_id_forum_topic")
        ),
        sa.PrimaryKeyConstraint("topic_id", name=op.f("pk_club_topic_fact")),
    )
    with op.batch_alter_table("club_topic_fact", schema=None) as batch_op:
        batch_op.create_index("ix_club_topic_fact_answer", ["week", "first_answer_s"], unique=False)

    op.create_table(
        "notice",
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("topic_id", _ID, nullable=True),
        sa.Column("first_no", sa.Integer(), nullable=True),
        sa.Column("last_no", sa.Integer(), nullable=True),
        sa.Column("posts", _DOC, nullable=False),
        sa.Column("by_id", _ID, nullable=True),
        sa.Column("params", _DOC, nullable=False),
        sa.Column("at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column("read_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.Column("mail_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.Column("digests", sa.Boolean(), nullable=False),
        sa.Column("mailed_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_notice_by_id_person")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_notice_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["forum_topic.id"], name=op.f("fk_notice_topic_id_forum_topic")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index("ix_notice_about", ["person_id", "about", "kind"], unique=False)
        batch_op.create_index(
            "ix_notice_mail",
            ["mail_at"],
            unique=False,
            sqlite_where=sa.text("mail_at IS NOT NULL"),
            postgresql_where=sa.text("mail_at IS NOT NULL"),
        )
        batch_op.create_index("ix_notice_person", ["person_id", "at", "id"], unique=False)
        batch_op.create_index(
            "ix_notice_topic",
            ["topic_id"],
            unique=False,
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        )
        batch_op.create_index(
            "uq_notice_unread",
            ["person_id", "kind", "about"],
            unique=True,
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        )


def downgrade() -> None:
    for table in (
        "notice",
        "club_topic_fact",
        "notice_reader",
        "notice_choice",
        "club_person_week",
        "club_week",
        "club_people",
    ):
        op.drop_table(table)
