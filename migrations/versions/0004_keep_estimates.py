"""keep estimates: their ranges, what they are made from, and how good they were

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

import portal.core.db

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_AT = portal.core.db.Instant(timezone=True)
_CONSIGNMENT = (
    "pickup_estimated_from",
    "pickup_estimated_to",
    "delivery_estimated_from",
    "delivery_estimated_to",
    "first_estimated",
    "first_estimated_from",
    "first_estimated_to",
    "arrived_at",
    "out_at",
)
_EVENT = ("estimated_from", "estimated_at", "estimated_to")


def upgrade() -> None:
    for name in _CONSIGNMENT:
        op.add_column("consignment", sa.Column(name, _AT, nullable=True))
    op.add_column("consignment", sa.Column("estimate_basis", sa.String(), nullable=True))
    for name in _EVENT:
        op.add_column("tracking_event", sa.Column(name, _AT, nullable=True))
    keys = ("lane", "service", "mode", "stage", "month")
    op.create_table(
        "duration_figure",
        *(sa.Column(key, sa.String(), nullable=False) for key in keys),
        sa.Column("bucket", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*keys, "bucket", name=op.f("pk_duration_figure")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "estimate_figure",
        sa.Column("company_id", _ID, nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("delivered", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("first_within", sa.Integer(), nullable=False),
        sa.Column("first_error_s", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("last_within", sa.Integer(), nullable=False),
        sa.Column("last_error_s", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_estimate_figure_company_id_company")
        ),
        sa.PrimaryKeyConstraint("company_id", "day", name=op.f("pk_estimate_figure")),
    )
    op.create_index("ix_estimate_figure_day", "estimate_figure", ["day"])


def downgrade() -> None:
    op.drop_table("estimate_figure")
    op.drop_table("duration_figure")
    for table, names in (
        ("tracking_event", _EVENT),
        ("consignment", (*_CONSIGNMENT, "estimate_basis")),
    ):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in names:
                batch_op.drop_column(name)
