"""keep moves and the places where goods are picked

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

import portal.core.db
import portal.core.quantities

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "move_task",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column(
            "company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "warehouse_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("sku_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "handling_unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("from_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("to_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("quantity", portal.core.quantities.Quantity(), nullable=False),
        sa.Column("done", portal.core.quantities.Quantity(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("skipped", sa.String(), nullable=True),
        sa.Column(
            "made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "closed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("created_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column("closed_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.CheckConstraint(
            "quantity > 0 AND done >= 0 AND done <= quantity", name=op.f("ck_move_task_quantity")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["person.id"], name=op.f("fk_move_task_closed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_move_task_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["from_id"], ["location.id"], name=op.f("fk_move_task_from_id_location")
        ),
        sa.ForeignKeyConstraint(
            ["handling_unit_id"],
            ["handling_unit.id"],
            name=op.f("fk_move_task_handling_unit_id_handling_unit"),
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_move_task_lot_id_lot")),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_move_task_made_by_id_person")
        ),
        sa.ForeignKeyConstraint(["sku_id"], ["sku.id"], name=op.f("fk_move_task_sku_id_sku")),
        sa.ForeignKeyConstraint(
            ["to_id"], ["location.id"], name=op.f("fk_move_task_to_id_location")
        ),
        sa.ForeignKeyConstraint(
            ["warehouse_id"], ["warehouse.id"], name=op.f("fk_move_task_warehouse_id_warehouse")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_move_task")),
        sa.UniqueConstraint("ref", name=op.f("uq_move_task_ref")),
    )
    op.create_table(
        "pick_face",
        sa.Column(
            "location_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("sku_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "warehouse_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("least", portal.core.quantities.Quantity(), nullable=False),
        sa.Column("most", portal.core.quantities.Quantity(), nullable=False),
        sa.Column("changed_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.CheckConstraint("least >= 0 AND most > least", name=op.f("ck_pick_face_least")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_pick_face_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_pick_face_location_id_location")
        ),
        sa.ForeignKeyConstraint(["sku_id"], ["sku.id"], name=op.f("fk_pick_face_sku_id_sku")),
        sa.ForeignKeyConstraint(
            ["warehouse_id"], ["warehouse.id"], name=op.f("fk_pick_face_warehouse_id_warehouse")
        ),
        sa.PrimaryKeyConstraint("location_id", "sku_id", name=op.f("pk_pick_face")),
    )
    op.create_index("ix_move_task_company", "move_task", ["company_id", "id"], unique=False)
    op.create_index(
        "ix_move_task_from",
        "move_task",
        ["from_id", "sku_id"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_move_task_open",
        "move_task",
        ["warehouse_id", "priority", "id"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_move_task_to",
        "move_task",
        ["to_id", "sku_id"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("ix_move_task_warehouse", "move_task", ["warehouse_id", "id"], unique=False)
    op.create_index("ix_pick_face_sku", "pick_face", ["sku_id"], unique=False)
    op.create_index("ix_pick_face_warehouse", "pick_face", ["warehouse_id"], unique=False)


def downgrade() -> None:
    op.drop_table("pick_face")
    op.drop_table("move_task")
