"""check-ins, daily questions, raffles

Revision ID: 0043
Revises: 0042
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import portal.core.db

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_DOC = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
_AT = portal.core.db.Instant(timezone=True)


def upgrade() -> None:
    op.create_table(
        "daily_check_in",
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("streak", sa.Integer(), nullable=False),
        sa.Column("forgave", sa.Boolean(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_daily_check_in_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", "day", name=op.f("pk_daily_check_in")),
    )
    op.create_table(
        "daily_person",
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("browser_zone", sa.String(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("last_at", _AT, nullable=True),
        sa.Column("last_zone", sa.String(), nullable=True),
        sa.Column("streak", sa.Integer(), nullable=False),
        sa.Column("longest", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("rested_on", sa.Date(), nullable=True),
        sa.Column("quiz_on", sa.Date(), nullable=True),
        sa.Column("quiz_streak", sa.Integer(), nullable=False),
        sa.Column("quiz_longest", sa.Integer(), nullable=False),
        sa.Column("quiz_answered", sa.Integer(), nullable=False),
        sa.Column("quiz_right", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_daily_person_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_daily_person")),
    )
    op.create_table(
        "daily_question",
        sa.Column("id", _ID, nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=True),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("texts", _DOC, nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.Column("link", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_by_id", _ID, nullable=True),
        sa.Column("changed_at", _AT, nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_daily_question_made_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_daily_question")),
        sa.UniqueConstraint("planned_on", name=op.f("uq_daily_question_planned_on")),
        sa.UniqueConstraint("ref", name=op.f("uq_daily_question_ref")),
        sa.UniqueConstraint("slug", name=op.f("uq_daily_question_slug")),
    )
    with op.batch_alter_table("daily_question", schema=None) as batch_op:
        batch_op.create_index("ix_daily_question_state", ["state", "turn"], unique=False)

    op.create_table(
        "raffle",
        sa.Column("id", _ID, nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("titles", _DOC, nullable=False),
        sa.Column("prizes", _DOC, nullable=False),
        sa.Column("opens_at", _AT, nullable=False),
        sa.Column("closes_at", _AT, nullable=False),
        sa.Column("cost", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("tickets", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(), nullable=True),
        sa.Column("commitment", sa.String(), nullable=True),
        sa.Column("revealed_seed", sa.String(), nullable=True),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("published_at", _AT, nullable=True),
        sa.Column("drawn_at", _AT, nullable=True),
        sa.Column("cancelled_at", _AT, nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("made_by_id", _ID, nullable=True),
        sa.Column("created_at", _AT, nullable=False),
        sa.CheckConstraint("tickets >= 0", name=op.f("ck_raffle_tickets")),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_raffle_made_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_raffle")),
        sa.UniqueConstraint("ref", name=op.f("uq_raffle_ref")),
    )
    with op.batch_alter_table("raffle", schema=None) as batch_op:
        batch_op.create_index("ix_raffle_state", ["state", "closes_at"], unique=False)

    op.create_table(
        "daily_quiz",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("question_id", _ID, nullable=False),
        sa.Column("texts", _DOC, nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.Column("link", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("answered_right", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["daily_question.id"],
            name=op.f("fk_daily_quiz_question_id_daily_question"),
        ),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_daily_quiz")),
    )
    with op.batch_alter_table("daily_quiz", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_daily_quiz_question_id"), ["question_id"], unique=False
        )

    op.create_table(
        "raffle_purchase",
        sa.Column("id", _ID, nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("raffle_id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("tickets", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("entry_id", _ID, nullable=True),
        sa.Column("week", sa.String(), nullable=True),
        sa.Column("form_name", sa.String(), nullable=False),
        sa.Column("is_refunded", sa.Boolean(), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["point_entry.id"], name=op.f("fk_raffle_purchase_entry_id_point_entry")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_raffle_purchase_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["raffle_id"], ["raffle.id"], name=op.f("fk_raffle_purchase_raffle_id_raffle")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_raffle_purchase")),
        sa.UniqueConstraint("form_name", name=op.f("uq_raffle_purchase_form_name")),
        sa.UniqueConstraint(
            "raffle_id",
            "person_id",
            "week",
            name=op.f("uq_raffle_purchase_raffle_id_person_id_week"),
        ),
        sa.UniqueConstraint("ref", name=op.f("uq_raffle_purchase_ref")),
    )
    with op.batch_alter_table("raffle_purchase", schema=None) as batch_op:
        batch_op.create_index("ix_raffle_purchase_back", ["raffle_id", "is_refunded"], unique=False)

    op.create_table(
        "raffle_win",
        sa.Column("raffle_id", _ID, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("counter", sa.Integer(), nullable=False),
        sa.Column("handed_at", _AT, nullable=True),
        sa.Column("handed_by_id", _ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["handed_by_id"], ["person.id"], name=op.f("fk_raffle_win_handed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_raffle_win_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["raffle_id"], ["raffle.id"], name=op.f("fk_raffle_win_raffle_id_raffle")
        ),
        sa.PrimaryKeyConstraint("raffle_id", "place", name=op.f("pk_raffle_win")),
        sa.UniqueConstraint(
            "raffle_id", "person_id", name=op.f("uq_raffle_win_raffle_id_person_id")
        ),
    )
    op.create_table(
        "daily_answer",
        sa.Column("id", _ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("choice", sa.Integer(), nullable=False),
        sa.Column("is_right", sa.Boolean(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.ForeignKeyConstraint(
            ["day"], ["daily_quiz.day"], name=op.f("fk_daily_answer_day_daily_quiz")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_daily_answer_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_daily_answer")),
        sa.UniqueConstraint("person_id", "day", name=op.f("uq_daily_answer_person_id_day")),
    )
    with op.batch_alter_table("daily_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_daily_answer_day"), ["day"], unique=False)

    op.create_table(
        "raffle_ticket",
        sa.Column("raffle_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("pseudonym", sa.String(), nullable=False),
        sa.Column("purchase_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_raffle_ticket_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["purchase_id"],
            ["raffle_purchase.id"],
            name=op.f("fk_raffle_ticket_purchase_id_raffle_purchase"),
        ),
        sa.ForeignKeyConstraint(
            ["raffle_id"], ["raffle.id"], name=op.f("fk_raffle_ticket_raffle_id_raffle")
        ),
        sa.PrimaryKeyConstraint("raffle_id", "number", name=op.f("pk_raffle_ticket")),
    )
    with op.batch_alter_table("raffle_ticket", schema=None) as batch_op:
        batch_op.create_index("ix_raffle_ticket_person", ["raffle_id", "person_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("raffle_ticket", schema=None) as batch_op:
        batch_op.drop_index("ix_raffle_ticket_person")

    op.drop_table("raffle_ticket")
    with op.batch_alter_table("daily_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_daily_answer_day"))

    op.drop_table("daily_answer")
    op.drop_table("raffle_win")
    with op.batch_alter_table("raffle_purchase", schema=None) as batch_op:
        batch_op.drop_index("ix_raffle_purchase_back")

    op.drop_table("raffle_purchase")
    with op.batch_alter_table("daily_quiz", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_daily_quiz_question_id"))

    op.drop_table("daily_quiz")
    with op.batch_alter_table("raffle", schema=None) as batch_op:
        batch_op.drop_index("ix_raffle_state")

    op.drop_table("raffle")
    with op.batch_alter_table("daily_question", schema=None) as batch_op:
        batch_op.drop_index("ix_daily_question_state")

    op.drop_table("daily_question")
    op.drop_table("daily_person")
    op.drop_table("daily_check_in")
