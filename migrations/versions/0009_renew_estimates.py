"""renew estimates that have passed: keep aside what the last event had estimated

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("consignment", sa.Column("event_estimate", sa.String(), nullable=True))
    # Whoever waits without a clock of his own, or for a later one, is looked at when his time comes.
    op.execute(
        "UPDATE consignment SET check_at = delivery_estimated "
        "WHERE delivery_actual IS NULL AND delivery_estimated IS NOT NULL AND NOT history "
        "AND status NOT IN ('draft', 'delivered', 'closed', 'cancelled', 'returned') "
        "AND (check_at IS NULL OR check_at > delivery_estimated)"
    )


def downgrade() -> None:
    op.drop_column("consignment", "event_estimate")
