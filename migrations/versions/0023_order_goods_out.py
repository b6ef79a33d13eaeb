"""keep orders from stock, their lines and steps, and waves

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

import portal.core.db

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wave",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column(
            "warehouse_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=True),
        sa.Column("zone_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("ship_by", portal.core.db.Instant(timezone=True), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column(
            "made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("created_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column("released_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.Column("closed_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_wave_made_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["warehouse_id"], ["warehouse.id"], name=op.f("fk_wave_warehouse_id_warehouse")
        ),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_wave_zone_id_zone")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wave")),
        sa.UniqueConstraint("ref", name=op.f("uq_wave_ref")),
    )
    op.create_index("ix_wave_warehouse", "wave", ["warehouse_id", "status", "id"], unique=False)
    op.create_table(
        "outbound_order",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("order_ref", sa.String(), nullable=False),
        sa.Column(
            "warehouse_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("status_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("hold_reason", sa.String(), nullable=True),
        sa.Column("hold_note", sa.String(), nullable=True),
        sa.Column("held_status", sa.String(), nullable=True),
        sa.Column(
            "rest_of_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("wave_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("consignee_name", sa.String(), nullable=True),
        sa.Column("consignee_phone", sa.String(), nullable=True),
        sa.Column("consignee_address", sa.String(), nullable=True),
        sa.Column("consignee_city", sa.String(), nullable=True),
        sa.Column("consignee_country", sa.String(), nullable=True),
        sa.Column("consignee_postcode", sa.String(), nullable=True),
        sa.Column("consignee_division", sa.String(), nullable=True),
        sa.Column("consignee_lat", sa.Double(), nullable=True),
        sa.Column("consignee_lon", sa.Double(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("wished_on", sa.Date(), nullable=True),
        sa.Column("ship_by", portal.core.db.Instant(timezone=True), nullable=True),
        sa.Column("consignment_no", sa.String(), nullable=True),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column(
            "created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("created_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column("submitted_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.Column("shipped_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_outbound_order_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_outbound_order_created_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["rest_of_id"],
            ["outbound_order.id"],
            name=op.f("fk_outbound_order_rest_of_id_outbound_order"),
        ),
        sa.ForeignKeyConstraint(
            ["warehouse_id"],
            ["warehouse.id"],
            name=op.f("fk_outbound_order_warehouse_id_warehouse"),
        ),
        sa.ForeignKeyConstraint(
            ["wave_id"], ["wave.id"], name=op.f("fk_outbound_order_wave_id_wave")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbound_order")),
        sa.UniqueConstraint(
            "company_id", "order_ref", name=op.f("uq_outbound_order_company_id_order_ref")
        ),
        sa.UniqueConstraint("ref", name=op.f("uq_outbound_order_ref")),
        info={"scope": "company"},
    )
    op.create_index(
        "ix_outbound_order_company", "outbound_order", ["company_id", "id"], unique=False
    )
    op.create_index(
        "ix_outbound_order_company_status",
        "outbound_order",
        ["company_id", "status", "id"],
        unique=False,
    )
    op.create_index(
        "ix_outbound_order_consignment", "outbound_order", ["consignment_no"], unique=False
    )
    op.create_index("ix_outbound_order_rest", "outbound_order", ["rest_of_id"], unique=False)
    op.create_index(
        "ix_outbound_order_status", "outbound_order", ["status", "ship_by", "id"], unique=False
    )
    op.create_index(
        "ix_outbound_order_warehouse",
        "outbound_order",
        ["warehouse_id", "status", "ship_by", "id"],
        unique=False,
    )
    op.create_index("ix_outbound_order_wave", "outbound_order", ["wave_id"], unique=False)
    op.create_table(
        "outbound_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sku_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("allocated", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("picked", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("checked", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("packed", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("shipped", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("short", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("backordered", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "allocated + short + backordered <= quantity", name=op.f("ck_outbound_line_allocated")
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_outbound_line_quantity")),
        sa.CheckConstraint(
            "shipped >= 0 AND packed >= shipped AND checked >= 0 AND picked >= checked AND picked >= packed AND allocated >= picked",
            name=op.f("ck_outbound_line_way"),
        ),
        sa.CheckConstraint("short >= 0 AND backordered >= 0", name=op.f("ck_outbound_line_open")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_outbound_line_company_id_company")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_outbound_line_lot_id_lot")),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["outbound_order.id"],
            name=op.f("fk_outbound_line_order_id_outbound_order"),
        ),
        sa.ForeignKeyConstraint(["sku_id"], ["sku.id"], name=op.f("fk_outbound_line_sku_id_sku")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbound_line")),
        sa.UniqueConstraint(
            "order_id", "position", name=op.f("uq_outbound_line_order_id_position")
        ),
        info={"scope": "company"},
    )
    op.create_index(
        "ix_outbound_line_company", "outbound_line", ["company_id", "sku_id"], unique=False
    )
    op.create_index(
        "ix_outbound_line_waiting",
        "outbound_line",
        ["sku_id"],
        unique=False,
        sqlite_where=sa.text("backordered > 0"),
        postgresql_where=sa.text("backordered > 0"),
    )
    op.create_table(
        "outbound_step",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["person.id"], name=op.f("fk_outbound_step_actor_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_outbound_step_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["outbound_order.id"],
            name=op.f("fk_outbound_step_order_id_outbound_order"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbound_step")),
        info={"scope": "company"},
    )
    op.create_index("ix_outbound_step_order", "outbound_step", ["order_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_outbound_step_order", table_name="outbound_step")
    op.drop_table("outbound_step")
    op.drop_index(
        "ix_outbound_line_waiting",
        table_name="outbound_line",
        sqlite_where=sa.text("backordered > 0"),
        postgresql_where=sa.text("backordered > 0"),
    )
    op.drop_index("ix_outbound_line_company", table_name="outbound_line")
    op.drop_table("outbound_line")
    op.drop_index("ix_outbound_order_wave", table_name="outbound_order")
    op.drop_index("ix_outbound_order_warehouse", table_name="outbound_order")
    op.drop_index("ix_outbound_order_status", table_name="outbound_order")
    op.drop_index("ix_outbound_order_rest", table_name="outbound_order")
    op.drop_index("ix_outbound_order_consignment", table_name="outbound_order")
    op.drop_index("ix_outbound_order_company_status", table_name="outbound_order")
    op.drop_index("ix_outbound_order_company", table_name="outbound_order")
    op.drop_table("outbound_order")
    op.drop_index("ix_wave_warehouse", table_name="wave")
    op.drop_table("wave")
