"""locate parties: how sure their positions are; positions of the address book

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("consignor_confidence", "consignee_confidence"):
        op.add_column("consignment", sa.Column(name, sa.Double(), nullable=True))
    op.add_column(
        "consignment", sa.Column("unsure_places", sa.Integer(), nullable=False, server_default="0")
    )
    unsure = sa.text("unsure_places > 0")
    op.create_index(
        "ix_consignment_unsure_places",
        "consignment",
        ["status", "id"],
        sqlite_where=unsure,
        postgresql_where=unsure,
    )
    for name in ("lat", "lon", "confidence"):
        op.add_column("address", sa.Column(name, sa.Double(), nullable=True))


def downgrade() -> None:
    for name in ("lat", "lon", "confidence"):
        op.drop_column("address", name)
    op.drop_index("ix_consignment_unsure_places", "consignment")
    for name in ("unsure_places", "consignee_confidence", "consignor_confidence"):
        op.drop_column("consignment", name)
