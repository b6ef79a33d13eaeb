"""pick, pack and ship: walks, shorts, cartons, goods that go back, shipments

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import portal.core.db

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


#: What a centre can begin to pack with: code, inside length, width, height in mm, own weight and
#: most weight in g. The desk changes them.
BOXES = (
    ("C12", 130, 80, 90, 30, 2_000),
    ("C10", 175, 95, 115, 50, 3_000),
    ("C8", 210, 110, 140, 80, 5_000),
    ("C6", 260, 150, 180, 140, 10_000),
    ("C4", 350, 190, 230, 260, 15_000),
    ("C3", 430, 210, 270, 380, 20_000),
    ("C2", 530, 230, 290, 520, 25_000),
    ("C1", 530, 290, 370, 700, 30_000),
    ("C0", 600, 400, 400, 950, 30_000),
)


def upgrade() -> None:
    op.create_table(
        "carton_type",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column(
            "names",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("length_mm", sa.Integer(), nullable=False),
        sa.Column("width_mm", sa.Integer(), nullable=False),
        sa.Column("height_mm", sa.Integer(), nullable=False),
        sa.Column("wall_mm", sa.Integer(), nullable=False),
        sa.Column("tare_g", sa.Integer(), nullable=False),
        sa.Column("most_weight_g", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carton_type")),
        sa.UniqueConstraint("code", name=op.f("uq_carton_type_code")),
    )
    boxes = sa.table(
        "carton_type",
        *(sa.column(name, sa.Integer()) for name in ("length_mm", "width_mm", "height_mm")),
        *(sa.column(name, sa.Integer()) for name in ("wall_mm", "tare_g", "most_weight_g")),
        sa.column("code", sa.String()),
        sa.column("names", _DOCUMENT),
        sa.column("active", sa.Boolean()),
    )
    op.bulk_insert(boxes, [_box(*box) for box in BOXES])
    op.create_table(
        "carton",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "warehouse_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "handling_unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("sscc", sa.String(), nullable=False),
        sa.Column("type_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column(
            "location_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("expected_g", sa.BigInteger(), nullable=True),
        sa.Column("weight_g", sa.BigInteger(), nullable=True),
        sa.Column("weight_note", sa.String(), nullable=True),
        sa.Column(
            "weight_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("length_mm", sa.Integer(), nullable=True),
        sa.Column("width_mm", sa.Integer(), nullable=True),
        sa.Column("height_mm", sa.Integer(), nullable=True),
        sa.Column(
            "packed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("opened_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column("closed_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.Column("loaded_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_carton_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["handling_unit_id"],
            ["handling_unit.id"],
            name=op.f("fk_carton_handling_unit_id_handling_unit"),
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_carton_location_id_location")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["outbound_order.id"], name=op.f("fk_carton_order_id_outbound_order")
        ),
        sa.ForeignKeyConstraint(
            ["packed_by_id"], ["person.id"], name=op.f("fk_carton_packed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["type_id"], ["carton_type.id"], name=op.f("fk_carton_type_id_carton_type")
        ),
        sa.ForeignKeyConstraint(
            ["warehouse_id"], ["warehouse.id"], name=op.f("fk_carton_warehouse_id_warehouse")
        ),
        sa.ForeignKeyConstraint(
            ["weight_by_id"], ["person.id"], name=op.f("fk_carton_weight_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carton")),
        sa.UniqueConstraint("handling_unit_id", name=op.f("uq_carton_handling_unit_id")),
        sa.UniqueConstraint("order_id", "number", name=op.f("uq_carton_order_id_number")),
        sa.UniqueConstraint("sscc", name=op.f("uq_carton_sscc")),
        info={"scope": "company"},
    )
    with op.batch_alter_table("carton", schema=None) as batch_op:
        batch_op.create_index("ix_carton_company", ["company_id", "id"], unique=False)
        batch_op.create_index("ix_carton_warehouse", ["warehouse_id", "status"], unique=False)

    op.create_table(
        "pick_task",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "warehouse_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("walk", sa.String(), nullable=False),
        sa.Column("stage_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "picker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("started_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column("done_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_pick_task_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["outbound_order.id"], name=op.f("fk_pick_task_order_id_outbound_order")
        ),
        sa.ForeignKeyConstraint(
            ["picker_id"], ["person.id"], name=op.f("fk_pick_task_picker_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["stage_id"], ["location.id"], name=op.f("fk_pick_task_stage_id_location")
        ),
        sa.ForeignKeyConstraint(
            ["warehouse_id"], ["warehouse.id"], name=op.f("fk_pick_task_warehouse_id_warehouse")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pick_task")),
        info={"scope": "company"},
    )
    with op.batch_alter_table("pick_task", schema=None) as batch_op:
        batch_op.create_index("ix_pick_task_picker", ["picker_id", "done_at"], unique=False)
        batch_op.create_index("ix_pick_task_walk", ["walk"], unique=False)
        batch_op.create_index("ix_pick_task_warehouse", ["warehouse_id", "done_at"], unique=False)
        batch_op.create_index(
            "uq_pick_task_order",
            ["order_id"],
            unique=True,
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )

    op.create_table(
        "restock_task",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "warehouse_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("sku_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("home_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("created_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column("done_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.Column(
            "done_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.CheckConstraint(
            "quantity > 0 AND done >= 0 AND done <= quantity", name=op.f("ck_restock_task_done")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_restock_task_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["done_by_id"], ["person.id"], name=op.f("fk_restock_task_done_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["home_id"], ["location.id"], name=op.f("fk_restock_task_home_id_location")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_restock_task_lot_id_lot")),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["outbound_order.id"],
            name=op.f("fk_restock_task_order_id_outbound_order"),
        ),
        sa.ForeignKeyConstraint(["sku_id"], ["sku.id"], name=op.f("fk_restock_task_sku_id_sku")),
        sa.ForeignKeyConstraint(
            ["warehouse_id"], ["warehouse.id"], name=op.f("fk_restock_task_warehouse_id_warehouse")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restock_task")),
        sa.UniqueConstraint("ref", name=op.f("uq_restock_task_ref")),
        info={"scope": "company"},
    )
    with op.batch_alter_table("restock_task", schema=None) as batch_op:
        batch_op.create_index("ix_restock_task_order", ["order_id"], unique=False)
        batch_op.create_index(
            "ix_restock_task_warehouse", ["warehouse_id", "done_at"], unique=False
        )

    op.create_table(
        "shipment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "consignment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("created_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column("ended_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_shipment_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["consignment_id"],
            ["consignment.id"],
            name=op.f("fk_shipment_consignment_id_consignment"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["outbound_order.id"], name=op.f("fk_shipment_order_id_outbound_order")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipment")),
        sa.UniqueConstraint("consignment_id", name=op.f("uq_shipment_consignment_id")),
        sa.UniqueConstraint("order_id", name=op.f("uq_shipment_order_id")),
        info={"scope": "company"},
    )
    with op.batch_alter_table("shipment", schema=None) as batch_op:
        batch_op.create_index(
            "ix_shipment_open",
            ["id"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "carton_content",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "carton_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sku_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_carton_content_quantity")),
        sa.ForeignKeyConstraint(
            ["carton_id"], ["carton.id"], name=op.f("fk_carton_content_carton_id_carton")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_carton_content_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["outbound_line.id"], name=op.f("fk_carton_content_line_id_outbound_line")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_carton_content_lot_id_lot")),
        sa.ForeignKeyConstraint(["sku_id"], ["sku.id"], name=op.f("fk_carton_content_sku_id_sku")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carton_content")),
        sa.UniqueConstraint(
            "carton_id",
            "line_id",
            "lot_id",
            name=op.f("uq_carton_content_carton_id_line_id_lot_id"),
        ),
        info={"scope": "company"},
    )
    with op.batch_alter_table("carton_content", schema=None) as batch_op:
        batch_op.create_index("ix_carton_content_line", ["line_id"], unique=False)

    op.create_table(
        "pick_short",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "warehouse_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("sku_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "location_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("replaced", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("noted_at", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_pick_short_quantity")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_pick_short_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["outbound_line.id"], name=op.f("fk_pick_short_line_id_outbound_line")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_pick_short_location_id_location")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_pick_short_lot_id_lot")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["outbound_order.id"], name=op.f("fk_pick_short_order_id_outbound_order")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_pick_short_person_id_person")
        ),
        sa.ForeignKeyConstraint(["sku_id"], ["sku.id"], name=op.f("fk_pick_short_sku_id_sku")),
        sa.ForeignKeyConstraint(
            ["warehouse_id"], ["warehouse.id"], name=op.f("fk_pick_short_warehouse_id_warehouse")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pick_short")),
        info={"scope": "company"},
    )
    with op.batch_alter_table("pick_short", schema=None) as batch_op:
        batch_op.create_index("ix_pick_short_at", ["warehouse_id", "at"], unique=False)
        batch_op.create_index("ix_pick_short_order", ["order_id"], unique=False)


def _box(code: str, length: int, width: int, height: int, tare: int, most: int) -> dict:
    number = code[1:]
    names = {
        "zh-Hans": f"{number} 号纸箱",
        "zh-Hant": f"{number} 號紙箱",
        "en": f"Carton no. {number}",
    }
    measures = {"length_mm": length, "width_mm": width, "height_mm": height, "wall_mm": 4}
    return {
        "code": code,
        "names": names,
        "tare_g": tare,
        "most_weight_g": most,
        "active": True,
    } | measures


def downgrade() -> None:
    with op.batch_alter_table("pick_short", schema=None) as batch_op:
        batch_op.drop_index("ix_pick_short_order")
        batch_op.drop_index("ix_pick_short_at")

    op.drop_table("pick_short")
    with op.batch_alter_table("carton_content", schema=None) as batch_op:
        batch_op.drop_index("ix_carton_content_line")

    op.drop_table("carton_content")
    with op.batch_alter_table("shipment", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_shipment_open",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.drop_table("shipment")
    with op.batch_alter_table("restock_task", schema=None) as batch_op:
        batch_op.drop_index("ix_restock_task_warehouse")
        batch_op.drop_index("ix_restock_task_order")

    op.drop_table("restock_task")
    with op.batch_alter_table("pick_task", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_pick_task_order",
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )
        batch_op.drop_index("ix_pick_task_warehouse")
        batch_op.drop_index("ix_pick_task_walk")
        batch_op.drop_index("ix_pick_task_picker")

    op.drop_table("pick_task")
    with op.batch_alter_table("carton", schema=None) as batch_op:
        batch_op.drop_index("ix_carton_warehouse")
        batch_op.drop_index("ix_carton_company")

    op.drop_table("carton")
    op.drop_table("carton_type")
