"""keep what comes in

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import portal.core.db
import portal.core.quantities

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inbound_notice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "warehouse_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("order_ref", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("supplier", sa.String(), nullable=True),
        sa.Column("carrier", sa.String(), nullable=True),
        sa.Column("vehicle", sa.String(), nullable=True),
        sa.Column("driver_phone", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("expected_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.Column("dock_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "location_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "reached",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("cancel_reason", sa.String(), nullable=True),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("open_differences", sa.Integer(), nullable=False),
        sa.Column(
            "created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("created_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column("changed_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_inbound_notice_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_inbound_notice_created_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["dock_id"], ["dock.id"], name=op.f("fk_inbound_notice_dock_id_dock")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_inbound_notice_location_id_location")
        ),
        sa.ForeignKeyConstraint(
            ["warehouse_id"],
            ["warehouse.id"],
            name=op.f("fk_inbound_notice_warehouse_id_warehouse"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_notice")),
        sa.UniqueConstraint(
            "company_id", "order_ref", name=op.f("uq_inbound_notice_company_id_order_ref")
        ),
        sa.UniqueConstraint("ref", name=op.f("uq_inbound_notice_ref")),
    )
    with op.batch_alter_table("inbound_notice", schema=None) as batch_op:
        batch_op.create_index("ix_inbound_notice_company", ["company_id", "id"], unique=False)
        batch_op.create_index(
            "ix_inbound_notice_company_status", ["company_id", "status", "id"], unique=False
        )
        batch_op.create_index(
            "ix_inbound_notice_expected", ["warehouse_id", "expected_at"], unique=False
        )
        batch_op.create_index(
            "ix_inbound_notice_status", ["warehouse_id", "status", "id"], unique=False
        )

    op.create_table(
        "inbound_file",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "notice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column(
            "about",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_inbound_file_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_inbound_file_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"],
            ["inbound_notice.id"],
            name=op.f("fk_inbound_file_notice_id_inbound_notice"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_file")),
        sa.UniqueConstraint("ref", name=op.f("uq_inbound_file_ref")),
    )
    with op.batch_alter_table("inbound_file", schema=None) as batch_op:
        batch_op.create_index("ix_inbound_file_notice", ["notice_id"], unique=False)

    op.create_table(
        "notice_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "notice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sku_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lot_code", sa.String(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("sscc", sa.String(), nullable=True),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("said", sa.BigInteger(), nullable=False),
        sa.Column("announced", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("damaged", sa.BigInteger(), nullable=False),
        sa.Column("put_away", sa.BigInteger(), nullable=False),
        sa.Column(
            "instead_of_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.CheckConstraint(
            "announced >= 0 AND received >= 0", name=op.f("ck_notice_line_quantities")
        ),
        sa.CheckConstraint(
            "damaged >= 0 AND damaged <= received", name=op.f("ck_notice_line_damaged")
        ),
        sa.CheckConstraint(
            "put_away >= 0 AND put_away <= received", name=op.f("ck_notice_line_put_away")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_notice_line_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["instead_of_id"],
            ["notice_line.id"],
            name=op.f("fk_notice_line_instead_of_id_notice_line"),
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"],
            ["inbound_notice.id"],
            name=op.f("fk_notice_line_notice_id_inbound_notice"),
        ),
        sa.ForeignKeyConstraint(["sku_id"], ["sku.id"], name=op.f("fk_notice_line_sku_id_sku")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_line")),
        sa.UniqueConstraint(
            "notice_id", "position", name=op.f("uq_notice_line_notice_id_position")
        ),
    )
    with op.batch_alter_table("notice_line", schema=None) as batch_op:
        batch_op.create_index("ix_notice_line_sku", ["notice_id", "sku_id"], unique=False)

    op.create_table(
        "receipt",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "notice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("begun_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column(
            "begun_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("closed_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.Column(
            "closed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["begun_by_id"], ["person.id"], name=op.f("fk_receipt_begun_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["person.id"], name=op.f("fk_receipt_closed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_receipt_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["inbound_notice.id"], name=op.f("fk_receipt_notice_id_inbound_notice")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("ref", name=op.f("uq_receipt_ref")),
    )
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.create_index("ix_receipt_company", ["company_id", "id"], unique=False)
        batch_op.create_index("ix_receipt_notice", ["notice_id"], unique=False)
        batch_op.create_index(
            "uq_receipt_open",
            ["notice_id"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "inbound_difference",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "notice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "notice_line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("answer_note", sa.String(), nullable=True),
        sa.Column(
            "answered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("answered_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("outcome_note", sa.String(), nullable=True),
        sa.Column(
            "outcome_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("outcome_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.Column(
            "movement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("created_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_inbound_difference_quantity")),
        sa.ForeignKeyConstraint(
            ["answered_by_id"],
            ["person.id"],
            name=op.f("fk_inbound_difference_answered_by_id_person"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_inbound_difference_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["movement_id"],
            ["movement.id"],
            name=op.f("fk_inbound_difference_movement_id_movement"),
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"],
            ["inbound_notice.id"],
            name=op.f("fk_inbound_difference_notice_id_inbound_notice"),
        ),
        sa.ForeignKeyConstraint(
            ["notice_line_id"],
            ["notice_line.id"],
            name=op.f("fk_inbound_difference_notice_line_id_notice_line"),
        ),
        sa.ForeignKeyConstraint(
            ["outcome_by_id"],
            ["person.id"],
            name=op.f("fk_inbound_difference_outcome_by_id_person"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_difference")),
    )
    with op.batch_alter_table("inbound_difference", schema=None) as batch_op:
        batch_op.create_index(
            "ix_inbound_difference_company", ["company_id", "status", "id"], unique=False
        )
        batch_op.create_index("ix_inbound_difference_notice", ["notice_id", "id"], unique=False)
        batch_op.create_index("ix_inbound_difference_status", ["status", "id"], unique=False)

    op.create_table(
        "put_away_task",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "warehouse_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "notice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "notice_line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("sku_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "handling_unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column(
            "location_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column(
            "assigned_to_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("created_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column("done_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.CheckConstraint("done >= 0 AND done <= quantity", name=op.f("ck_put_away_task_done")),
        sa.ForeignKeyConstraint(
            ["assigned_to_id"], ["person.id"], name=op.f("fk_put_away_task_assigned_to_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_put_away_task_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["handling_unit_id"],
            ["handling_unit.id"],
            name=op.f("fk_put_away_task_handling_unit_id_handling_unit"),
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_put_away_task_location_id_location")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_put_away_task_lot_id_lot")),
        sa.ForeignKeyConstraint(
            ["notice_id"],
            ["inbound_notice.id"],
            name=op.f("fk_put_away_task_notice_id_inbound_notice"),
        ),
        sa.ForeignKeyConstraint(
            ["notice_line_id"],
            ["notice_line.id"],
            name=op.f("fk_put_away_task_notice_line_id_notice_line"),
        ),
        sa.ForeignKeyConstraint(["sku_id"], ["sku.id"], name=op.f("fk_put_away_task_sku_id_sku")),
        sa.ForeignKeyConstraint(
            ["warehouse_id"], ["warehouse.id"], name=op.f("fk_put_away_task_warehouse_id_warehouse")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_put_away_task")),
    )
    # One open task for the same goods at the same place: an expression autogenerate cannot see.
    op.create_index(
        "uq_put_away_task_open",
        "put_away_task",
        [
            "notice_line_id",
            "lot_id",
            "status",
            "location_id",
            sa.text("coalesce(handling_unit_id, 0)"),
        ],
        unique=True,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    with op.batch_alter_table("put_away_task", schema=None) as batch_op:
        batch_op.create_index("ix_put_away_task_notice", ["notice_id", "id"], unique=False)
        batch_op.create_index(
            "ix_put_away_task_open",
            ["warehouse_id", "id"],
            unique=False,
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )

    op.create_table(
        "receipt_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "receipt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "notice_line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("sku_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "handling_unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("counted", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("condition", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column(
            "location_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "movement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("allowed", sa.String(), nullable=True),
        sa.Column(
            "allowed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("picture_key", sa.String(), nullable=True),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column("undone_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_receipt_line_quantity")),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["person.id"], name=op.f("fk_receipt_line_actor_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["allowed_by_id"], ["person.id"], name=op.f("fk_receipt_line_allowed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_receipt_line_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["handling_unit_id"],
            ["handling_unit.id"],
            name=op.f("fk_receipt_line_handling_unit_id_handling_unit"),
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_receipt_line_location_id_location")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_receipt_line_lot_id_lot")),
        sa.ForeignKeyConstraint(
            ["movement_id"], ["movement.id"], name=op.f("fk_receipt_line_movement_id_movement")
        ),
        sa.ForeignKeyConstraint(
            ["notice_line_id"],
            ["notice_line.id"],
            name=op.f("fk_receipt_line_notice_line_id_notice_line"),
        ),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipt.id"], name=op.f("fk_receipt_line_receipt_id_receipt")
        ),
        sa.ForeignKeyConstraint(["sku_id"], ["sku.id"], name=op.f("fk_receipt_line_sku_id_sku")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_line")),
    )
    with op.batch_alter_table("receipt_line", schema=None) as batch_op:
        batch_op.create_index("ix_receipt_line_notice_line", ["notice_line_id"], unique=False)
        batch_op.create_index("ix_receipt_line_receipt", ["receipt_id", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("receipt_line", schema=None) as batch_op:
        batch_op.drop_index("ix_receipt_line_receipt")
        batch_op.drop_index("ix_receipt_line_notice_line")

    op.drop_table("receipt_line")
    with op.batch_alter_table("put_away_task", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_put_away_task_open",
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )
        batch_op.drop_index("ix_put_away_task_notice")

    op.drop_table("put_away_task")
    with op.batch_alter_table("inbound_difference", schema=None) as batch_op:
        batch_op.drop_index("ix_inbound_difference_status")
        batch_op.drop_index("ix_inbound_difference_notice")
        batch_op.drop_index("ix_inbound_difference_company")

    op.drop_table("inbound_difference")
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_receipt_open",
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )
        batch_op.drop_index("ix_receipt_notice")
        batch_op.drop_index("ix_receipt_company")

    op.drop_table("receipt")
    with op.batch_alter_table("notice_line", schema=None) as batch_op:
        batch_op.drop_index("ix_notice_line_sku")

    op.drop_table("notice_line")
    with op.batch_alter_table("inbound_file", schema=None) as batch_op:
        batch_op.drop_index("ix_inbound_file_notice")

    op.drop_table("inbound_file")
    with op.batch_alter_table("inbound_notice", schema=None) as batch_op:
        batch_op.drop_index("ix_inbound_notice_status")
        batch_op.drop_index("ix_inbound_notice_expected")
        batch_op.drop_index("ix_inbound_notice_company_status")
        batch_op.drop_index("ix_inbound_notice_company")

    op.drop_table("inbound_notice")
