"""write less with each push: one entry of the stream a consignment, no index that nobody reads

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_SOURCE = ("consignment_id", "source", "source_event_id")
_GIVEN = sa.text("source_event_id IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("event") as table:
        table.drop_index("ix_event_company_id")
    with op.batch_alter_table("tracking_event") as table:
        table.drop_constraint("uq_tracking_event_consignment_id_source_source_event_id", "unique")
    op.create_index(
        "ix_tracking_event_source",
        "tracking_event",
        _SOURCE,
        unique=True,
        sqlite_where=_GIVEN,
        postgresql_where=_GIVEN,
    )
    op.execute(
        "INSERT INTO stream_entry (topic, position, event_id) "
        "SELECT replace(replace(topic, '.city:', ':'), '.staff:', ':'), position, event_id "
        "FROM stream_entry WHERE topic LIKE 'consignment.%' ON CONFLICT DO NOTHING"
    )
    op.execute("DELETE FROM stream_entry WHERE topic LIKE 'consignment.%'")


def downgrade() -> None:
    op.drop_index("ix_tracking_event_source", "tracking_event")
    with op.batch_alter_table("tracking_event") as table:
        table.create_unique_constraint(
            "uq_tracking_event_consignment_id_source_source_event_id", _SOURCE
        )
    with op.batch_alter_table("event") as table:
        table.create_index("ix_event_company_id", ["company_id"])
