"""posts of a person, or of a topic, by time

Revision ID: 0044
Revises: 0043
"""

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_forum_post_author_at", "forum_post", ["author_id", "created_at"])
    op.create_index("ix_forum_post_topic_at", "forum_post", ["topic_id", "created_at"])


def downgrade() -> None:
    op.drop_index("ix_forum_post_topic_at", "forum_post")
    op.drop_index("ix_forum_post_author_at", "forum_post")
