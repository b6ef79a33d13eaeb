"""points, the boards they stand on

Revision ID: 0039
Revises: 0038
"""

import sqlalchemy as sa
from alembic import op

import portal.core.db

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "point_standing",
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_id", _ID, autoincrement=False, nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("period", "kind", "subject_id", name=op.f("pk_point_standing")),
    )
    with op.batch_alter_table("point_standing", schema=None) as batch_op:
        batch_op.create_index(
            "ix_point_standing_place",
            ["period", "kind", "points", "subject_id"],
            unique=False,
            sqlite_where=sa.text("is_shown AND points > 0"),
            postgresql_where=sa.text("is_shown AND points > 0"),
        )
    op.create_table(
        "point_account",
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("balance", sa.Integer(), nullable=False),
        sa.Column("owed", sa.Integer(), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.CheckConstraint("balance >= 0 AND owed >= 0", name=op.f("ck_point_account_balance")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_point_account_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_point_account")),
    )
    op.create_table(
        "point_entry",
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("balance", sa.Integer(), nullable=False),
        sa.Column("company_id", _ID, nullable=True),
        sa.Column("given_by_id", _ID, nullable=True),
        sa.Column("reversed_id", _ID, nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("by_id", _ID, nullable=True),
        sa.Column("at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column("made_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_point_entry_by_id_person")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_point_entry_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["person.id"], name=op.f("fk_point_entry_given_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_point_entry_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["reversed_id"], ["point_entry.id"], name=op.f("fk_point_entry_reversed_id_point_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_entry")),
        sa.UniqueConstraint(
            "kind", "cause", "person_id", name=op.f("uq_point_entry_kind_cause_person_id")
        ),
    )
    with op.batch_alter_table("point_entry", schema=None) as batch_op:
        batch_op.create_index("ix_point_entry_day", ["person_id", "kind", "at"], unique=False)
        batch_op.create_index("ix_point_entry_person", ["person_id", "id"], unique=False)
    op.create_table(
        "point_lot",
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("expires_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.CheckConstraint("points >= 0", name=op.f("ck_point_lot_points")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_point_lot_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", "expires_at", name=op.f("pk_point_lot")),
    )
    with op.batch_alter_table("point_lot", schema=None) as batch_op:
        batch_op.create_index(
            "ix_point_lot_due",
            ["expires_at", "person_id"],
            unique=False,
            sqlite_where=sa.text("points > 0"),
            postgresql_where=sa.text("points > 0"),
        )
    op.create_table(
        "point_share",
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("company_id", _ID, nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_point_share_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_point_share_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", "period", "company_id", name=op.f("pk_point_share")),
    )
    with op.batch_alter_table("point_share", schema=None) as batch_op:
        batch_op.create_index("ix_point_share_company", ["company_id"], unique=False)
    op.create_table(
        "point_line",
        sa.Column("entry_id", _ID, nullable=False),
        sa.Column("expires_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["point_entry.id"], name=op.f("fk_point_line_entry_id_point_entry")
        ),
        sa.PrimaryKeyConstraint("entry_id", "expires_at", name=op.f("pk_point_line")),
    )


def downgrade() -> None:
    op.drop_table("point_line")
    with op.batch_alter_table("point_share", schema=None) as batch_op:
        batch_op.drop_index("ix_point_share_company")
    op.drop_table("point_share")
    with op.batch_alter_table("point_lot", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_point_lot_due",
            sqlite_where=sa.text("points > 0"),
            postgresql_where=sa.text("points > 0"),
        )
    op.drop_table("point_lot")
    with op.batch_alter_table("point_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_point_entry_person")
        batch_op.drop_index("ix_point_entry_day")
    op.drop_table("point_entry")
    op.drop_table("point_account")
    with op.batch_alter_table("point_standing", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_point_standing_place",
            sqlite_where=sa.text("is_shown AND points > 0"),
            postgresql_where=sa.text("is_shown AND points > 0"),
        )
    op.drop_table("point_standing")
