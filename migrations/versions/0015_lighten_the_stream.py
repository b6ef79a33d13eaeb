"""let the stream be its own index on SQLite: each event writes several entries

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _rebuild(with_rowid=False)


def downgrade() -> None:
    _rebuild(with_rowid=True)


def _rebuild(*, with_rowid: bool) -> None:
    """Copy the table into one that is stored otherwise; PostgreSQL knows only one way."""
    if op.get_bind().dialect.name != "sqlite":
        return
    op.drop_index("ix_stream_entry_position", "stream_entry")
    op.rename_table("stream_entry", "stream_entry_before")
    op.create_table(
        "stream_entry",
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_stream_entry_event_id_event")
        ),
        sa.PrimaryKeyConstraint("topic", "position", name=op.f("pk_stream_entry")),
        sqlite_with_rowid=with_rowid,
    )
    op.execute(
        "INSERT INTO stream_entry (topic, position, event_id) "
        "SELECT topic, position, event_id FROM stream_entry_before ORDER BY topic, position"
    )
    op.drop_table("stream_entry_before")
    op.create_index("ix_stream_entry_position", "stream_entry", ["position"])
