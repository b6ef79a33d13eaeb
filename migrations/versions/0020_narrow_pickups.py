"""keep in the index of pick-ups what is still to be picked up: later events do not touch it

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_NAME, _TABLE = "ix_consignment_status_pickup", "consignment"
_COLUMNS = ["status", "pickup_planned", "id"]
_TO_PICK_UP = sa.text(
    "status = 'ordered' OR status = 'pickup_assigned' OR status = 'pickup_failed'"
)


def upgrade() -> None:
    op.drop_index(_NAME, _TABLE)
    op.create_index(_NAME, _TABLE, _COLUMNS, sqlite_where=_TO_PICK_UP, postgresql_where=_TO_PICK_UP)


def downgrade() -> None:
    op.drop_index(_NAME, _TABLE)
    op.create_index(_NAME, _TABLE, _COLUMNS)
