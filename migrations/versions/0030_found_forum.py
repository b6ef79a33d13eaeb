"""found forum: spaces, topics, posts, what people read and follow

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import portal.core.db
from portal.forum.founding import rows
from portal.forum.fulltext import POSTS

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


_SPACES = sa.table(
    "forum_space",
    *(sa.column(name, sa.String) for name in ("slug", "kind")),
    *(
        sa.column(name, sa.Integer)
        for name in ("position", "least_trust", "topic_count", "post_count")
    ),
    *(
        sa.column(name, sa.JSON().with_variant(postgresql.JSONB(), "postgresql"))
        for name in ("names", "abouts", "readers", "starters", "repliers")
    ),
)


def upgrade() -> None:
    op.create_table(
        "forum_space",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column(
            "names",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "abouts",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "readers",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "starters",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "repliers",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("least_trust", sa.Integer(), nullable=False),
        sa.Column("topic_count", sa.Integer(), nullable=False),
        sa.Column("post_count", sa.Integer(), nullable=False),
        sa.Column("archived_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_space")),
        sa.UniqueConstraint("slug", name=op.f("uq_forum_space_slug")),
    )
    op.create_table(
        "forum_follow",
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("is_muted", sa.Boolean(), nullable=False),
        sa.Column("at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_forum_follow_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", "about", name=op.f("pk_forum_follow")),
    )
    with op.batch_alter_table("forum_follow", schema=None) as batch_op:
        batch_op.create_index("ix_forum_follow_about", ["about"], unique=False)

    op.create_table(
        "forum_profile",
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("handle", sa.String(), nullable=False),
        sa.Column("skeleton", sa.String(), nullable=False),
        sa.Column("trust", sa.Integer(), nullable=False),
        sa.Column("topics_read", sa.Integer(), nullable=False),
        sa.Column("posts_read", sa.Integer(), nullable=False),
        sa.Column("days_seen", sa.Integer(), nullable=False),
        sa.Column("last_seen_on", sa.Date(), nullable=True),
        sa.Column("posts_written", sa.Integer(), nullable=False),
        sa.Column("useful_got", sa.Integer(), nullable=False),
        sa.Column("answers_accepted", sa.Integer(), nullable=False),
        sa.Column("read_before", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column("created_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_forum_profile_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_forum_profile")),
        sa.UniqueConstraint("handle", name=op.f("uq_forum_profile_handle")),
        sa.UniqueConstraint("ref", name=op.f("uq_forum_profile_ref")),
        sa.UniqueConstraint("skeleton", name=op.f("uq_forum_profile_skeleton")),
    )
    op.create_table(
        "forum_topic",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("space_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column(
            "author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("pinned", sa.Integer(), nullable=False),
        sa.Column(
            "tags",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("locale", sa.String(), nullable=True),
        sa.Column("accepted_no", sa.Integer(), nullable=True),
        sa.Column("suggestion", sa.String(), nullable=True),
        sa.Column(
            "merged_into_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("last_no", sa.Integer(), nullable=False),
        sa.Column("reply_count", sa.Integer(), nullable=False),
        sa.Column("reader_count", sa.Integer(), nullable=False),
        sa.Column("last_post_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column(
            "last_person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("created_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_forum_topic_author_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["last_person_id"], ["person.id"], name=op.f("fk_forum_topic_last_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"],
            ["forum_topic.id"],
            name=op.f("fk_forum_topic_merged_into_id_forum_topic"),
        ),
        sa.ForeignKeyConstraint(
            ["space_id"], ["forum_space.id"], name=op.f("fk_forum_topic_space_id_forum_space")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_topic")),
        sa.UniqueConstraint("ref", name=op.f("uq_forum_topic_ref")),
    )
    with op.batch_alter_table("forum_topic", schema=None) as batch_op:
        batch_op.create_index("ix_forum_topic_author", ["author_id", "id"], unique=False)
        batch_op.create_index("ix_forum_topic_recent", ["last_post_at", "id"], unique=False)
        batch_op.create_index(
            "ix_forum_topic_space",
            ["space_id", "pinned", "last_post_at", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'open' OR state = 'locked'"),
            postgresql_where=sa.text("state = 'open' OR state = 'locked'"),
        )

    op.create_table(
        "forum_post",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column(
            "author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("company_name", sa.String(), nullable=True),
        sa.Column("staff_role", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("reply_to", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edited_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.Column("useful", sa.Integer(), nullable=False),
        sa.Column("thanks", sa.Integer(), nullable=False),
        sa.Column("same", sa.Integer(), nullable=False),
        sa.Column("flagged", sa.Integer(), nullable=False),
        sa.Column("form_name", sa.String(), nullable=True),
        sa.Column("created_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_forum_post_author_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["forum_topic.id"], name=op.f("fk_forum_post_topic_id_forum_topic")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_post")),
        sa.UniqueConstraint("form_name", name=op.f("uq_forum_post_form_name")),
        sa.UniqueConstraint("ref", name=op.f("uq_forum_post_ref")),
        sa.UniqueConstraint("topic_id", "no", name=op.f("uq_forum_post_topic_id_no")),
    )
    with op.batch_alter_table("forum_post", schema=None) as batch_op:
        batch_op.create_index("ix_forum_post_author", ["author_id", "id"], unique=False)
        batch_op.create_index("ix_forum_post_state", ["state", "id"], unique=False)

    op.create_table(
        "forum_read",
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_forum_read_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["forum_topic.id"], name=op.f("fk_forum_read_topic_id_forum_topic")
        ),
        sa.PrimaryKeyConstraint("person_id", "topic_id", name=op.f("pk_forum_read")),
    )
    with op.batch_alter_table("forum_read", schema=None) as batch_op:
        batch_op.create_index("ix_forum_read_topic", ["topic_id"], unique=False)

    op.create_table(
        "forum_tag",
        sa.Column("tag", sa.String(), nullable=False),
        sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["forum_topic.id"], name=op.f("fk_forum_tag_topic_id_forum_topic")
        ),
        sa.PrimaryKeyConstraint("tag", "topic_id", name=op.f("pk_forum_tag")),
    )
    op.create_table(
        "forum_reaction",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_forum_reaction_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["forum_post.id"], name=op.f("fk_forum_reaction_post_id_forum_post")
        ),
        sa.PrimaryKeyConstraint("post_id", "person_id", "kind", name=op.f("pk_forum_reaction")),
    )
    with op.batch_alter_table("forum_reaction", schema=None) as batch_op:
        batch_op.create_index("ix_forum_reaction_person", ["person_id"], unique=False)

    op.create_table(
        "forum_revision",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column(
            "editor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["editor_id"], ["person.id"], name=op.f("fk_forum_revision_editor_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["forum_post.id"], name=op.f("fk_forum_revision_post_id_forum_post")
        ),
        sa.PrimaryKeyConstraint("post_id", "version", name=op.f("pk_forum_revision")),
    )
    POSTS.create(op.get_bind())
    POSTS.create_terms(op.get_bind())
    op.bulk_insert(_SPACES, rows())


def downgrade() -> None:
    POSTS.drop_terms(op.get_bind())
    POSTS.drop(op.get_bind())
    op.drop_table("forum_revision")
    op.drop_table("forum_reaction")
    op.drop_table("forum_tag")
    op.drop_table("forum_read")
    op.drop_table("forum_post")
    op.drop_table("forum_topic")
    op.drop_table("forum_profile")
    op.drop_table("forum_follow")
    op.drop_table("forum_space")
