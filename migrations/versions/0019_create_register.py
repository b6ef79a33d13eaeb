"""create register: notes, saved views, merges of companies, search by words

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import portal.core.db
from portal.accounts import fulltext

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

IDENTITY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
INSTANT = portal.core.db.Instant(timezone=True)


def upgrade() -> None:
    _company()
    _notes()
    _views()
    _merges()
    on = op.get_bind()
    fulltext.INDEX.create(on)
    fulltext.INDEX.create_terms(on)
    rows = on.execute(
        sa.text(
            "SELECT id, ref, name, name_en, credit_code, city, region, consignor FROM company"
        ).columns(consignor=DOCUMENT)
    )
    for row in rows.mappings().all():
        fulltext.renew(row, on=on)


def _company() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    kind, document = ("INTEGER", "JSON") if is_sqlite else ("BIGINT", "JSONB")
    op.add_column("company", sa.Column("region", sa.String(), nullable=True))
    op.execute(f"ALTER TABLE company ADD COLUMN kinds {document} DEFAULT '[\"shipper\"]' NOT NULL")
    op.add_column("company", sa.Column("confirm_asked_on", sa.Date(), nullable=True))
    op.add_column("company", sa.Column("confirm_reminded_on", sa.Date(), nullable=True))
    # In one statement: SQLite would otherwise copy a table to which nearly all others point.
    op.execute(
        f"ALTER TABLE company ADD COLUMN merged_into_id {kind} "
        "CONSTRAINT fk_company_merged_into_id_company REFERENCES company (id)"
    )
    op.create_index("ix_company_name", "company", ["name", "id"])
    op.create_index("ix_company_city", "company", ["city", "id"])
    op.create_index("ix_company_confirmed_on", "company", ["confirmed_on", "id"])
    op.create_index("ix_company_account_manager_id", "company", ["account_manager_id"])
    op.create_index("ix_company_merged_into_id", "company", ["merged_into_id"])


def _notes() -> None:
    op.create_table(
        "company_note",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("company_id", IDENTITY, nullable=False),
        sa.Column("person_id", IDENTITY, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("is_pinned", sa.Boolean(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("edited_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_company_note_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_company_note_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company_note")),
        sa.UniqueConstraint("ref", name=op.f("uq_company_note_ref")),
    )
    op.create_index("ix_company_note_company", "company_note", ["company_id", "id"])


def _views() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("person_id", IDENTITY, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_saved_view_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("ref", name=op.f("uq_saved_view_ref")),
        sa.UniqueConstraint(
            "page", "person_id", "name", name=op.f("uq_saved_view_page_person_id_name")
        ),
    )
    op.create_table(
        "default_view",
        sa.Column("person_id", IDENTITY, nullable=False),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("view_id", IDENTITY, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_default_view_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["view_id"], ["saved_view.id"], name=op.f("fk_default_view_view_id_saved_view")
        ),
        sa.PrimaryKeyConstraint("person_id", "page", name=op.f("pk_default_view")),
    )
    op.create_index("ix_default_view_view_id", "default_view", ["view_id"])


def _merges() -> None:
    op.create_table(
        "company_merge",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("gone_id", IDENTITY, nullable=False),
        sa.Column("kept_id", IDENTITY, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("before", DOCUMENT, nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("made_by_id", IDENTITY, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.Column("undone_by_id", IDENTITY, nullable=True),
        sa.Column("undone_at", INSTANT, nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [name], [f"{other}.id"], name=op.f(f"fk_company_merge_{name}_{other}")
            )
            for name, other in (
                ("gone_id", "company"),
                ("kept_id", "company"),
                ("made_by_id", "person"),
                ("undone_by_id", "person"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company_merge")),
        sa.UniqueConstraint("ref", name=op.f("uq_company_merge_ref")),
    )
    op.create_index("ix_company_merge_gone", "company_merge", ["gone_id", "id"])
    op.create_index("ix_company_merge_kept", "company_merge", ["kept_id", "id"])
    op.create_table(
        "merge_move",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("merge_id", IDENTITY, nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("rows", DOCUMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["merge_id"], ["company_merge.id"], name=op.f("fk_merge_move_merge_id_company_merge")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge_move")),
    )
    op.create_index("ix_merge_move_merge", "merge_move", ["merge_id", "id"])


def downgrade() -> None:
    fulltext.INDEX.drop_terms(op.get_bind())
    fulltext.INDEX.drop(op.get_bind())
    for name in ("merge_move", "company_merge", "default_view", "saved_view", "company_note"):
        op.drop_table(name)
    for name in ("name", "city", "confirmed_on", "account_manager_id", "merged_into_id"):
        op.drop_index(f"ix_company_{name}", "company")
    names = ("region", "kinds", "confirm_asked_on", "confirm_reminded_on", "merged_into_id")
    for name in names:
        op.execute(f"ALTER TABLE company DROP COLUMN {name}")
