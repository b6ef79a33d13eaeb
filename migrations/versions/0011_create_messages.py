"""create messages

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

import portal.core.db

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "closed_day",
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("works_like", sa.Integer(), nullable=True),
        sa.Column("created_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("on", name=op.f("pk_closed_day")),
    )


def downgrade() -> None:
    op.drop_table("closed_day")
