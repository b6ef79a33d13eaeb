"""keep order in the club: held texts, reports, reviews, sanctions, what was done

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import portal.core.db

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "forum_sanction",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("until", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column("lifted_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_forum_sanction_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_forum_sanction_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_sanction")),
    )
    with op.batch_alter_table("forum_sanction", schema=None) as batch_op:
        batch_op.create_index("ix_forum_sanction_person", ["person_id", "until"], unique=False)

    op.create_table(
        "forum_act",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("no", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column(
            "details",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column("appeal", sa.String(), nullable=True),
        sa.Column("appeal_state", sa.String(), nullable=True),
        sa.Column("appeal_answer", sa.String(), nullable=True),
        sa.Column(
            "appeal_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("appealed_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["appeal_by_id"], ["person.id"], name=op.f("fk_forum_act_appeal_by_id_person")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_forum_act_by_id_person")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_forum_act_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["forum_topic.id"], name=op.f("fk_forum_act_topic_id_forum_topic")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_act")),
        sa.UniqueConstraint("ref", name=op.f("uq_forum_act_ref")),
    )
    with op.batch_alter_table("forum_act", schema=None) as batch_op:
        batch_op.create_index(
            "ix_forum_act_appeal",
            ["id"],
            unique=False,
            sqlite_where=sa.text("appeal_state = 'open'"),
            postgresql_where=sa.text("appeal_state = 'open'"),
        )
        batch_op.create_index("ix_forum_act_person", ["person_id", "id"], unique=False)
        batch_op.create_index("ix_forum_act_topic", ["topic_id", "id"], unique=False)

    op.create_table(
        "forum_held",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "as_who",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("space_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column(
            "tags",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("reply_to", sa.Integer(), nullable=True),
        sa.Column("form_name", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column(
            "decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("decided_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.Column("created_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_forum_held_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_forum_held_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["space_id"], ["forum_space.id"], name=op.f("fk_forum_held_space_id_forum_space")
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["forum_topic.id"], name=op.f("fk_forum_held_topic_id_forum_topic")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_held")),
        sa.UniqueConstraint("form_name", name=op.f("uq_forum_held_form_name")),
        sa.UniqueConstraint("ref", name=op.f("uq_forum_held_ref")),
    )
    with op.batch_alter_table("forum_held", schema=None) as batch_op:
        batch_op.create_index("ix_forum_held_person", ["person_id", "id"], unique=False)
        batch_op.create_index("ix_forum_held_state", ["state", "id"], unique=False)

    op.create_table(
        "forum_flag",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_forum_flag_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["forum_post.id"], name=op.f("fk_forum_flag_post_id_forum_post")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_flag")),
        sa.UniqueConstraint("post_id", "person_id", name=op.f("uq_forum_flag_post_id_person_id")),
    )
    with op.batch_alter_table("forum_flag", schema=None) as batch_op:
        batch_op.create_index("ix_forum_flag_person", ["person_id", "outcome"], unique=False)

    op.create_table(
        "forum_review",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column(
            "decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("decided_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_forum_review_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["forum_post.id"], name=op.f("fk_forum_review_post_id_forum_post")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_review")),
    )
    with op.batch_alter_table("forum_review", schema=None) as batch_op:
        batch_op.create_index("ix_forum_review_state", ["state", "id"], unique=False)
        batch_op.create_index(
            "uq_forum_review_open",
            ["post_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )


def downgrade() -> None:
    with op.batch_alter_table("forum_review", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_forum_review_open",
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.drop_index("ix_forum_review_state")

    op.drop_table("forum_review")
    with op.batch_alter_table("forum_flag", schema=None) as batch_op:
        batch_op.drop_index("ix_forum_flag_person")

    op.drop_table("forum_flag")
    with op.batch_alter_table("forum_held", schema=None) as batch_op:
        batch_op.drop_index("ix_forum_held_state")
        batch_op.drop_index("ix_forum_held_person")

    op.drop_table("forum_held")
    with op.batch_alter_table("forum_act", schema=None) as batch_op:
        batch_op.drop_index("ix_forum_act_topic")
        batch_op.drop_index("ix_forum_act_person")
        batch_op.drop_index(
            "ix_forum_act_appeal",
            sqlite_where=sa.text("appeal_state = 'open'"),
            postgresql_where=sa.text("appeal_state = 'open'"),
        )

    op.drop_table("forum_act")
    with op.batch_alter_table("forum_sanction", schema=None) as batch_op:
        batch_op.drop_index("ix_forum_sanction_person")

    op.drop_table("forum_sanction")
