"""polls, pictures, drafts and feeds of the club, and where posts have gone

Revision ID: 0036
Revises: 0035
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import portal.core.db

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "forum_draft",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column(
            "said",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("refused", sa.String(), nullable=True),
        sa.Column("saved_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_forum_draft_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_draft")),
        sa.UniqueConstraint("person_id", "about", name=op.f("uq_forum_draft_person_id_about")),
        sa.UniqueConstraint("ref", name=op.f("uq_forum_draft_ref")),
    )
    op.create_table(
        "forum_feed",
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("made_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column("read_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_forum_feed_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_forum_feed")),
    )
    op.create_table(
        "forum_picture",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("is_used", sa.Boolean(), nullable=False),
        sa.Column("created_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_forum_picture_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_picture")),
        sa.UniqueConstraint("ref", name=op.f("uq_forum_picture_ref")),
    )
    with op.batch_alter_table("forum_picture", schema=None) as batch_op:
        batch_op.create_index("ix_forum_picture_loose", ["is_used", "created_at"], unique=False)
        batch_op.create_index("ix_forum_picture_person", ["person_id", "created_at"], unique=False)

    op.create_table(
        "forum_moved",
        sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "to_topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("to_no", sa.Integer(), nullable=False),
        sa.Column("at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["to_topic_id"], ["forum_topic.id"], name=op.f("fk_forum_moved_to_topic_id_forum_topic")
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["forum_topic.id"], name=op.f("fk_forum_moved_topic_id_forum_topic")
        ),
        sa.PrimaryKeyConstraint("topic_id", "no", name=op.f("pk_forum_moved")),
    )
    with op.batch_alter_table("forum_moved", schema=None) as batch_op:
        batch_op.create_index("ix_forum_moved_to", ["to_topic_id", "to_no"], unique=False)

    op.create_table(
        "forum_poll",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("shown", sa.String(), nullable=False),
        sa.Column("ends_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.Column("closed_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.Column("voters", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_forum_poll_author_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["forum_topic.id"], name=op.f("fk_forum_poll_topic_id_forum_topic")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_poll")),
        sa.UniqueConstraint("ref", name=op.f("uq_forum_poll_ref")),
    )
    with op.batch_alter_table("forum_poll", schema=None) as batch_op:
        batch_op.create_index("ix_forum_poll_topic", ["topic_id", "id"], unique=False)

    op.create_table(
        "forum_poll_option",
        sa.Column("poll_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["poll_id"], ["forum_poll.id"], name=op.f("fk_forum_poll_option_poll_id_forum_poll")
        ),
        sa.PrimaryKeyConstraint("poll_id", "no", name=op.f("pk_forum_poll_option")),
    )
    op.create_table(
        "forum_poll_vote",
        sa.Column("poll_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_forum_poll_vote_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["poll_id"], ["forum_poll.id"], name=op.f("fk_forum_poll_vote_poll_id_forum_poll")
        ),
        sa.PrimaryKeyConstraint("poll_id", "person_id", "no", name=op.f("pk_forum_poll_vote")),
    )
    with op.batch_alter_table("forum_poll_vote", schema=None) as batch_op:
        batch_op.create_index("ix_forum_poll_vote_person", ["person_id"], unique=False)

    op.create_table(
        "forum_post_picture",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "picture_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["picture_id"],
            ["forum_picture.id"],
            name=op.f("fk_forum_post_picture_picture_id_forum_picture"),
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["forum_post.id"], name=op.f("fk_forum_post_picture_post_id_forum_post")
        ),
        sa.PrimaryKeyConstraint("post_id", "picture_id", name=op.f("pk_forum_post_picture")),
    )
    with op.batch_alter_table("forum_post_picture", schema=None) as batch_op:
        batch_op.create_index("ix_forum_post_picture_picture", ["picture_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("forum_post_picture", schema=None) as batch_op:
        batch_op.drop_index("ix_forum_post_picture_picture")

    op.drop_table("forum_post_picture")
    with op.batch_alter_table("forum_poll_vote", schema=None) as batch_op:
        batch_op.drop_index("ix_forum_poll_vote_person")

    op.drop_table("forum_poll_vote")
    op.drop_table("forum_poll_option")
    with op.batch_alter_table("forum_poll", schema=None) as batch_op:
        batch_op.drop_index("ix_forum_poll_topic")

    op.drop_table("forum_poll")
    with op.batch_alter_table("forum_moved", schema=None) as batch_op:
        batch_op.drop_index("ix_forum_moved_to")

    op.drop_table("forum_moved")
    with op.batch_alter_table("forum_picture", schema=None) as batch_op:
        batch_op.drop_index("ix_forum_picture_loose")
        batch_op.drop_index("ix_forum_picture_person")

    op.drop_table("forum_picture")
    op.drop_table("forum_feed")
    op.drop_table("forum_draft")
