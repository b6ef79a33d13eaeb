"""rounds of the games, the best of each week, and how weeks ended

Revision ID: 0038
Revises: 0037
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import portal.core.db

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_DOC = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
_AT = portal.core.db.Instant(timezone=True)
_OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.create_table(
        "game_round",
        sa.Column("id", _ID, nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("company_id", _ID, nullable=True),
        sa.Column("game", sa.String(), nullable=False),
        sa.Column("week", sa.String(), nullable=False),
        sa.Column("seed", _ID, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("parts", _DOC, nullable=True),
        sa.Column("moves", _DOC, nullable=True),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("started_at", _AT, nullable=False),
        sa.Column("expires_at", _AT, nullable=False),
        sa.Column("submitted_at", _AT, nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_game_round_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_game_round_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_game_round")),
        sa.UniqueConstraint("game", "digest", name=op.f("uq_game_round_game_digest")),
        sa.UniqueConstraint("ref", name=op.f("uq_game_round_ref")),
    )
    with op.batch_alter_table("game_round", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_game_round_company_id"), ["company_id"], unique=False)
        batch_op.create_index(
            "ix_game_round_person", ["person_id", "game", "started_at"], unique=False
        )
        batch_op.create_index(
            "uq_game_round_open",
            ["person_id", "game"],
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        )
    op.create_table(
        "game_best",
        sa.Column("id", _ID, nullable=False),
        sa.Column("game", sa.String(), nullable=False),
        sa.Column("week", sa.String(), nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("company_id", _ID, nullable=True),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("round_id", _ID, nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_game_best_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_game_best_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["game_round.id"], name=op.f("fk_game_best_round_id_game_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_game_best")),
        sa.UniqueConstraint(
            "game", "week", "person_id", name=op.f("uq_game_best_game_week_person_id")
        ),
    )
    with op.batch_alter_table("game_best", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_game_best_company_id"), ["company_id"], unique=False)
        batch_op.create_index("ix_game_best_person", ["person_id", "game"], unique=False)
        batch_op.create_index("ix_game_best_score", ["game", "week", "score"], unique=False)
    op.create_table(
        "game_week",
        sa.Column("id", _ID, nullable=False),
        sa.Column("game", sa.String(), nullable=False),
        sa.Column("week", sa.String(), nullable=False),
        sa.Column("players", sa.Integer(), nullable=False),
        sa.Column("winners", _DOC, nullable=False),
        sa.Column("closed_at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_game_week")),
        sa.UniqueConstraint("game", "week", name=op.f("uq_game_week_game_week")),
    )


def downgrade() -> None:
    op.drop_table("game_week")
    op.drop_table("game_best")
    op.drop_table("game_round")
