"""keep recipes and orders of kits, and sheets of goods; find goods by words

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from portal.core.db import Instant
from portal.warehousing.goods import fulltext

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

IDENTITY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = Instant(timezone=True)
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    op.create_index("ix_sku_code", "sku", ["code"])
    fulltext.INDEX.create(op.get_bind())
    fulltext.INDEX.create_terms(op.get_bind())
    _imports()
    _recipes()
    _orders()
    _lines()


def _imports() -> None:
    op.create_table(
        "goods_import",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("company_id", IDENTITY, nullable=False),
        sa.Column("person_id", IDENTITY, nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("file_key", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("choice", sa.String(), nullable=False),
        sa.Column("error", DOCUMENT, nullable=True),
        sa.Column("problems", DOCUMENT, nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("rows", "bad", "created", "changed", "unchanged", "read")
        ),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        *_keys("goods_import", company_id="company", person_id="person"),
        sa.UniqueConstraint("ref", name=op.f("uq_goods_import_ref")),
    )
    op.create_index("ix_goods_import_company", "goods_import", ["company_id", "id"])


def _recipes() -> None:
    op.create_table(
        "kit_recipe",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("company_id", IDENTITY, nullable=False),
        sa.Column("sku_id", IDENTITY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("made_by_id", IDENTITY, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        *_keys("kit_recipe", company_id="company", sku_id="sku", made_by_id="person"),
        sa.UniqueConstraint("sku_id", "version", name=op.f("uq_kit_recipe_sku_id_version")),
    )
    op.create_index("ix_kit_recipe_company", "kit_recipe", ["company_id", "sku_id"])
    op.create_table(
        "kit_component",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("company_id", IDENTITY, nullable=False),
        sa.Column("recipe_id", IDENTITY, nullable=False),
        sa.Column("sku_id", IDENTITY, nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_kit_component_quantity")),
        *_keys("kit_component", company_id="company", recipe_id="kit_recipe", sku_id="sku"),
        sa.UniqueConstraint("recipe_id", "sku_id", name=op.f("uq_kit_component_recipe_id_sku_id")),
    )
    op.create_index("ix_kit_component_sku", "kit_component", ["sku_id"])


def _orders() -> None:
    op.create_table(
        "kit_order",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("company_id", IDENTITY, nullable=False),
        sa.Column("warehouse_id", IDENTITY, nullable=False),
        sa.Column("sku_id", IDENTITY, nullable=False),
        sa.Column("recipe_id", IDENTITY, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("wanted_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("ordered_by_id", IDENTITY, nullable=True),
        sa.Column("assigned_to_id", IDENTITY, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_kit_order_quantity")),
        sa.CheckConstraint("done >= 0 AND done <= quantity", name=op.f("ck_kit_order_done")),
        *_keys(
            "kit_order",
            company_id="company",
            warehouse_id="warehouse",
            sku_id="sku",
            recipe_id="kit_recipe",
            ordered_by_id="person",
            assigned_to_id="person",
        ),
        sa.UniqueConstraint("ref", name=op.f("uq_kit_order_ref")),
    )
    op.create_index("ix_kit_order_company", "kit_order", ["company_id", "id"])
    op.create_index("ix_kit_order_sku", "kit_order", ["sku_id", "id"])
    op.create_index("ix_kit_order_status", "kit_order", ["warehouse_id", "status", "id"])


def _lines() -> None:
    op.create_table(
        "kit_line",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("company_id", IDENTITY, nullable=False),
        sa.Column("order_id", IDENTITY, nullable=False),
        sa.Column("sku_id", IDENTITY, nullable=False),
        sa.Column("per_kit", sa.BigInteger(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        *_keys("kit_line", company_id="company", order_id="kit_order", sku_id="sku"),
        sa.UniqueConstraint("order_id", "sku_id", name=op.f("uq_kit_line_order_id_sku_id")),
    )
    op.create_index("ix_kit_line_sku", "kit_line", ["sku_id"])
    op.create_table(
        "kit_run",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("company_id", IDENTITY, nullable=False),
        sa.Column("order_id", IDENTITY, nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("issue_id", IDENTITY, nullable=False),
        sa.Column("receive_id", IDENTITY, nullable=False),
        sa.Column("location_id", IDENTITY, nullable=False),
        sa.Column("done_by_id", IDENTITY, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("undone_at", INSTANT, nullable=True),
        *_keys(
            "kit_run",
            company_id="company",
            order_id="kit_order",
            issue_id="movement",
            receive_id="movement",
            location_id="location",
            done_by_id="person",
        ),
    )
    op.create_index("ix_kit_run_order", "kit_run", ["order_id", "id"])


def _keys(table: str, **others: str) -> list[sa.Constraint]:
    """Return the primary key of a table and what refers to others: column → table."""
    foreign: list[sa.Constraint] = [
        sa.ForeignKeyConstraint(
            [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
        )
        for column, other in others.items()
    ]
    return [*foreign, sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))]


def downgrade() -> None:
    for name in ("kit_run", "kit_line", "kit_order", "kit_component", "kit_recipe"):
        op.drop_table(name)
    op.drop_table("goods_import")
    fulltext.INDEX.drop_terms(op.get_bind())
    fulltext.INDEX.drop(op.get_bind())
    op.drop_index("ix_sku_code", "sku")
