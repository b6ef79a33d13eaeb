"""open rooms: what is said in them, who is there, question hours

Revision ID: 0037
Revises: 0036
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import portal.core.db
from portal.club.rooms.founding import rows
from portal.core import clock

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_DOC = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
_ROOMS = sa.table(
    "club_room",
    sa.column("slug", sa.String),
    *(sa.column(name, sa.Integer) for name in ("position", "kept_days", "last_no")),
    *(sa.column(name, _DOC) for name in ("names", "abouts", "readers", "writers")),
    sa.column("created_at", portal.core.db.Instant),
)


def upgrade() -> None:
    op.create_table(
        "club_room",
        sa.Column("id", _ID, nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("names", _DOC, nullable=False),
        sa.Column("abouts", _DOC, nullable=False),
        sa.Column("readers", _DOC, nullable=False),
        sa.Column("writers", _DOC, nullable=False),
        sa.Column("kept_days", sa.Integer(), nullable=False),
        sa.Column("last_no", sa.Integer(), nullable=False),
        sa.Column("last_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.Column("created_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column("closed_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_club_room")),
        sa.UniqueConstraint("slug", name=op.f("uq_club_room_slug")),
    )
    op.create_table(
        "club_message",
        sa.Column("id", _ID, nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("room_id", _ID, nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("author_id", _ID, nullable=False),
        sa.Column("company_name", sa.String(), nullable=True),
        sa.Column("staff_role", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("flagged", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("form_name", sa.String(), nullable=True),
        sa.Column("created_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_club_message_author_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["club_room.id"], name=op.f("fk_club_message_room_id_club_room")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_club_message")),
        sa.UniqueConstraint("form_name", name=op.f("uq_club_message_form_name")),
        sa.UniqueConstraint("ref", name=op.f("uq_club_message_ref")),
        sa.UniqueConstraint("room_id", "no", name=op.f("uq_club_message_room_id_no")),
    )
    with op.batch_alter_table("club_message", schema=None) as batch_op:
        batch_op.create_index("ix_club_message_author", ["author_id", "id"], unique=False)
        batch_op.create_index("ix_club_message_created_at", ["created_at"], unique=False)
        batch_op.create_index(
            "ix_club_message_flagged",
            ["flagged"],
            unique=False,
            sqlite_where=sa.text("flagged > 0"),
            postgresql_where=sa.text("flagged > 0"),
        )

    op.create_table(
        "club_presence",
        sa.Column("room_id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("process", sa.String(), nullable=False),
        sa.Column("until", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_club_presence_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["club_room.id"], name=op.f("fk_club_presence_room_id_club_room")
        ),
        sa.PrimaryKeyConstraint("room_id", "person_id", "process", name=op.f("pk_club_presence")),
    )
    with op.batch_alter_table("club_presence", schema=None) as batch_op:
        batch_op.create_index("ix_club_presence_process", ["process"], unique=False)

    op.create_table(
        "club_room_person",
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("is_invisible", sa.Boolean(), nullable=False),
        sa.Column("feed_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_club_room_person_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_club_room_person")),
    )
    op.create_table(
        "club_room_read",
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("room_id", _ID, nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_club_room_read_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["club_room.id"], name=op.f("fk_club_room_read_room_id_club_room")
        ),
        sa.PrimaryKeyConstraint("person_id", "room_id", name=op.f("pk_club_room_read")),
    )
    with op.batch_alter_table("club_room_read", schema=None) as batch_op:
        batch_op.create_index("ix_club_room_read_room", ["room_id"], unique=False)

    op.create_table(
        "club_hour",
        sa.Column("id", _ID, nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("starts_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column("ends_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("space_id", _ID, nullable=False),
        sa.Column("topic_id", _ID, nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("question_count", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("form_name", sa.String(), nullable=True),
        sa.Column("created_by_id", _ID, nullable=False),
        sa.Column("created_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column("changed_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column("reminded_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.Column("opened_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.Column("closed_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_club_hour_created_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["space_id"], ["forum_space.id"], name=op.f("fk_club_hour_space_id_forum_space")
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["forum_topic.id"], name=op.f("fk_club_hour_topic_id_forum_topic")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_club_hour")),
        sa.UniqueConstraint("form_name", name=op.f("uq_club_hour_form_name")),
        sa.UniqueConstraint("ref", name=op.f("uq_club_hour_ref")),
    )
    with op.batch_alter_table("club_hour", schema=None) as batch_op:
        batch_op.create_index("ix_club_hour_state", ["state", "starts_at"], unique=False)

    op.create_table(
        "club_message_flag",
        sa.Column("id", _ID, nullable=False),
        sa.Column("message_id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["club_message.id"],
            name=op.f("fk_club_message_flag_message_id_club_message"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_club_message_flag_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_club_message_flag")),
        sa.UniqueConstraint(
            "message_id", "person_id", name=op.f("uq_club_message_flag_message_id_person_id")
        ),
    )
    with op.batch_alter_table("club_message_flag", schema=None) as batch_op:
        batch_op.create_index("ix_club_message_flag_person", ["person_id", "outcome"], unique=False)

    op.create_table(
        "club_hour_host",
        sa.Column("hour_id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["hour_id"], ["club_hour.id"], name=op.f("fk_club_hour_host_hour_id_club_hour")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_club_hour_host_person_id_person")
        ),
        sa.PrimaryKeyConstraint("hour_id", "person_id", name=op.f("pk_club_hour_host")),
    )
    op.create_table(
        "club_question",
        sa.Column("id", _ID, nullable=False),
        sa.Column("hour_id", _ID, nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("author_id", _ID, nullable=False),
        sa.Column("as_who", _DOC, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answer_html", sa.String(), nullable=True),
        sa.Column("answered_by_id", _ID, nullable=True),
        sa.Column("answered_as", _DOC, nullable=True),
        sa.Column("answered_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.Column("form_name", sa.String(), nullable=True),
        sa.Column("created_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_club_question_answered_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_club_question_author_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["hour_id"], ["club_hour.id"], name=op.f("fk_club_question_hour_id_club_hour")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_club_question")),
        sa.UniqueConstraint("form_name", name=op.f("uq_club_question_form_name")),
        sa.UniqueConstraint("hour_id", "no", name=op.f("uq_club_question_hour_id_no")),
    )
    with op.batch_alter_table("club_question", schema=None) as batch_op:
        batch_op.create_index("ix_club_question_author", ["author_id", "id"], unique=False)

    op.create_table(
        "club_seat",
        sa.Column("hour_id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("wants_mail", sa.Boolean(), nullable=False),
        sa.Column("at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["hour_id"], ["club_hour.id"], name=op.f("fk_club_seat_hour_id_club_hour")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_club_seat_person_id_person")
        ),
        sa.PrimaryKeyConstraint("hour_id", "person_id", name=op.f("pk_club_seat")),
    )
    with op.batch_alter_table("club_seat", schema=None) as batch_op:
        batch_op.create_index("ix_club_seat_person", ["person_id"], unique=False)

    op.create_table(
        "club_question_vote",
        sa.Column("question_id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_club_question_vote_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["club_question.id"],
            name=op.f("fk_club_question_vote_question_id_club_question"),
        ),
        sa.PrimaryKeyConstraint("question_id", "person_id", name=op.f("pk_club_question_vote")),
    )
    # ### end Alembic commands ###
    op.bulk_insert(_ROOMS, rows(clock.now()))


def downgrade() -> None:
    op.drop_table("club_question_vote")
    with op.batch_alter_table("club_seat", schema=None) as batch_op:
        batch_op.drop_index("ix_club_seat_person")

    op.drop_table("club_seat")
    with op.batch_alter_table("club_question", schema=None) as batch_op:
        batch_op.drop_index("ix_club_question_author")

    op.drop_table("club_question")
    op.drop_table("club_hour_host")
    with op.batch_alter_table("club_message_flag", schema=None) as batch_op:
        batch_op.drop_index("ix_club_message_flag_person")

    op.drop_table("club_message_flag")
    with op.batch_alter_table("club_hour", schema=None) as batch_op:
        batch_op.drop_index("ix_club_hour_state")

    op.drop_table("club_hour")
    with op.batch_alter_table("club_room_read", schema=None) as batch_op:
        batch_op.drop_index("ix_club_room_read_room")

    op.drop_table("club_room_read")
    op.drop_table("club_room_person")
    with op.batch_alter_table("club_presence", schema=None) as batch_op:
        batch_op.drop_index("ix_club_presence_process")

    op.drop_table("club_presence")
    with op.batch_alter_table("club_message", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_club_message_flagged",
            sqlite_where=sa.text("flagged > 0"),
            postgresql_where=sa.text("flagged > 0"),
        )
        batch_op.drop_index("ix_club_message_created_at")
        batch_op.drop_index("ix_club_message_author")

    op.drop_table("club_message")
    op.drop_table("club_room")
    # ### end Alembic commands ###
