"""find posts by author, tag and title: the search index is made anew with these marks

Revision ID: 0035
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op

from portal.core.db import Document
from portal.forum import fulltext

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

AT_ONCE = 500
_POST = sa.table(
    "forum_post", *map(sa.column, ("id", "topic_id", "no", "author_id", "state", "text"))
)
_TOPIC = sa.table(
    "forum_topic", *map(sa.column, ("id", "space_id", "title")), sa.column("tags", Document)
)


def upgrade() -> None:
    on, last = op.get_bind(), 0
    while rows := _behind(on, last):
        for row in rows:
            words = fulltext.document(row, row.text)
            fulltext.POSTS.change(row.id, row.space_id, words, on=on)
        last = rows[-1].id


def downgrade() -> None:
    """Leave the marks: a search that does not ask for them never sees them."""


def _behind(on: sa.Connection, last: int) -> list[sa.Row]:
    return list(
        on.execute(
            sa.select(_POST, _TOPIC.c.space_id, _TOPIC.c.title, _TOPIC.c.tags)
            .join_from(_POST, _TOPIC, _TOPIC.c.id == _POST.c.topic_id)
            .where(_POST.c.id > last, _POST.c.state == "visible")
            .order_by(_POST.c.id)
            .limit(AT_ONCE)
        )
    )
