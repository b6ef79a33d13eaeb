"""keep daily figures of stock, alerts, who wants them by mail, and certificates

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import portal.core.db
import portal.core.quantities

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_QUANTITY = portal.core.quantities.Quantity
_INSTANT = portal.core.db.Instant
_DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    for name in ("on_hand", "came", "went"):
        op.add_column(
            "stock_snapshot", sa.Column(name, _QUANTITY(), server_default="0", nullable=False)
        )
    op.create_index("ix_stock_snapshot_company", "stock_snapshot", ["company_id", "until"])
    op.create_table(
        "stock_day",
        sa.Column("company_id", _ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("warehouse_id", _ID, nullable=False),
        sa.Column("on_hand", _QUANTITY(), nullable=False),
        sa.Column("came", _QUANTITY(), nullable=False),
        sa.Column("went", _QUANTITY(), nullable=False),
        sa.Column("movements", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_stock_day_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["warehouse_id"], ["warehouse.id"], name=op.f("fk_stock_day_warehouse_id_warehouse")
        ),
        sa.PrimaryKeyConstraint("company_id", "day", "warehouse_id", name=op.f("pk_stock_day")),
    )
    op.create_index("ix_stock_day_day", "stock_day", ["day"])
    op.create_table(
        "stock_alert",
        sa.Column("company_id", _ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sku_id", _ID, nullable=False),
        sa.Column("value", _QUANTITY(), nullable=False),
        sa.Column("threshold", _QUANTITY(), nullable=False),
        sa.Column("since", _INSTANT(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_stock_alert_company_id_company")
        ),
        sa.ForeignKeyConstraint(["sku_id"], ["sku.id"], name=op.f("fk_stock_alert_sku_id_sku")),
        sa.PrimaryKeyConstraint("company_id", "kind", "sku_id", name=op.f("pk_stock_alert")),
    )
    op.create_table(
        "stock_wish",
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("company_id", _ID, nullable=False),
        sa.Column("told_at", _INSTANT(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_stock_wish_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_stock_wish_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", "company_id", name=op.f("pk_stock_wish")),
    )
    op.create_table(
        "stock_certificate",
        sa.Column("id", _ID, nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("company_id", _ID, nullable=False),
        sa.Column("as_of", _INSTANT(timezone=True), nullable=False),
        sa.Column("issued_at", _INSTANT(timezone=True), nullable=False),
        sa.Column("issued_by_id", _ID, nullable=True),
        sa.Column("content", _DOCUMENT, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_stock_certificate_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["person.id"], name=op.f("fk_stock_certificate_issued_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_certificate")),
        sa.UniqueConstraint("ref", name=op.f("uq_stock_certificate_ref")),
    )
    op.create_index("ix_stock_certificate_company", "stock_certificate", ["company_id", "id"])


def downgrade() -> None:
    op.drop_table("stock_certificate")
    op.drop_table("stock_wish")
    op.drop_table("stock_alert")
    op.drop_table("stock_day")
    op.drop_index("ix_stock_snapshot_company", "stock_snapshot")
    for name in ("went", "came", "on_hand"):
        op.drop_column("stock_snapshot", name)
