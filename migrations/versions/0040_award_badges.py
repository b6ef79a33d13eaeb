"""badges, rewards and their orders

Revision ID: 0040
Revises: 0039
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import portal.core.db

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_DOC = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "point_mark",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("place", _ID, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_point_mark")),
    )
    op.create_table(
        "reward",
        sa.Column("id", _ID, nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("names", _DOC, nullable=False),
        sa.Column("abouts", _DOC, nullable=False),
        sa.Column("picture", sa.String(), nullable=True),
        sa.Column("cost", sa.Integer(), nullable=False),
        sa.Column("stock", sa.Integer(), nullable=True),
        sa.Column("per_person", sa.Integer(), nullable=True),
        sa.Column("needs_approval", sa.Boolean(), nullable=False),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.CheckConstraint("cost > 0", name=op.f("ck_reward_cost")),
        sa.CheckConstraint("stock >= 0", name=op.f("ck_reward_stock")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward")),
        sa.UniqueConstraint("ref", name=op.f("uq_reward_ref")),
    )
    op.create_table(
        "point_badge",
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_point_badge_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", "kind", "level", name=op.f("pk_point_badge")),
    )
    op.create_table(
        "point_tally",
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count >= 0", name=op.f("ck_point_tally_count")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_point_tally_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", "kind", name=op.f("pk_point_tally")),
    )
    op.create_table(
        "reward_order",
        sa.Column("id", _ID, nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("reward_id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("company_name", sa.String(), nullable=True),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("entry_id", _ID, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("form_name", sa.String(), nullable=False),
        sa.Column("decided_by_id", _ID, nullable=True),
        sa.Column("decided_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.Column("handed_by_id", _ID, nullable=True),
        sa.Column("handed_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.Column("created_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_reward_order_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["point_entry.id"], name=op.f("fk_reward_order_entry_id_point_entry")
        ),
        sa.ForeignKeyConstraint(
            ["handed_by_id"], ["person.id"], name=op.f("fk_reward_order_handed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_reward_order_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["reward_id"], ["reward.id"], name=op.f("fk_reward_order_reward_id_reward")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward_order")),
        sa.UniqueConstraint("form_name", name=op.f("uq_reward_order_form_name")),
        sa.UniqueConstraint("ref", name=op.f("uq_reward_order_ref")),
    )
    with op.batch_alter_table("reward_order", schema=None) as batch_op:
        batch_op.create_index(
            "ix_reward_order_pending",
            ["id"],
            unique=False,
            sqlite_where=sa.text("state = 'open' OR state = 'ready'"),
            postgresql_where=sa.text("state = 'open' OR state = 'ready'"),
        )
        batch_op.create_index("ix_reward_order_person", ["person_id", "id"], unique=False)
        batch_op.create_index("ix_reward_order_reward", ["reward_id", "person_id"], unique=False)
    with op.batch_alter_table("forum_profile", schema=None) as batch_op:
        batch_op.add_column(sa.Column("badge", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("forum_profile", schema=None) as batch_op:
        batch_op.drop_column("badge")
    with op.batch_alter_table("reward_order", schema=None) as batch_op:
        batch_op.drop_index("ix_reward_order_reward")
        batch_op.drop_index("ix_reward_order_person")
        batch_op.drop_index(
            "ix_reward_order_pending",
            sqlite_where=sa.text("state = 'open' OR state = 'ready'"),
            postgresql_where=sa.text("state = 'open' OR state = 'ready'"),
        )
    op.drop_table("reward_order")
    op.drop_table("point_tally")
    op.drop_table("point_badge")
    op.drop_table("reward")
    op.drop_table("point_mark")
