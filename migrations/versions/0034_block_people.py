"""whom somebody in the club does not want to hear

Revision ID: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

import portal.core.db

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "forum_block",
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("blocked_id", _ID, nullable=False),
        sa.Column("at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["blocked_id"], ["person.id"], name=op.f("fk_forum_block_blocked_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_forum_block_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", "blocked_id", name=op.f("pk_forum_block")),
    )
    with op.batch_alter_table("forum_block", schema=None) as batch_op:
        batch_op.create_index("ix_forum_block_blocked", ["blocked_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("forum_block", schema=None) as batch_op:
        batch_op.drop_index("ix_forum_block_blocked")

    op.drop_table("forum_block")
