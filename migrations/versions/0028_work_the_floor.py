"""keep who holds which task of the floor, and where each person is at work

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import portal.core.db

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = portal.core.db.Instant
_DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{other}"
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(name))


def upgrade() -> None:
    table = "floor_assignment"
    op.create_table(
        table,
        sa.Column("id", _ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("warehouse_id", _ID, nullable=True),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("given_by_id", _ID, nullable=True),
        sa.Column("taken_at", _INSTANT(timezone=True), nullable=False),
        sa.Column("until", _INSTANT(timezone=True), nullable=False),
        _to(table, "warehouse_id", "warehouse"),
        _to(table, "person_id", "person"),
        _to(table, "given_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_floor_assignment_task", table, ["kind", "ref"], unique=True)
    op.create_index("ix_floor_assignment_person", table, ["person_id"])
    table = "floor_presence"
    op.create_table(
        table,
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("warehouse_id", _ID, nullable=True),
        sa.Column("location_id", _ID, nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("ref", sa.String(), nullable=True),
        sa.Column("since", _INSTANT(timezone=True), nullable=True),
        sa.Column("recent", _DOCUMENT, nullable=False),
        sa.Column("changed_at", _INSTANT(timezone=True), nullable=False),
        _to(table, "person_id", "person"),
        _to(table, "warehouse_id", "warehouse"),
        _to(table, "location_id", "location"),
        sa.PrimaryKeyConstraint("person_id", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_floor_presence_changed_at", table, ["changed_at"])


def downgrade() -> None:
    op.drop_table("floor_presence")
    op.drop_table("floor_assignment")
