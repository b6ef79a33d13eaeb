"""create learning: courses and books, progress, attempts, certificates, questions to experts

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import portal.core.db
from portal.learning.fulltext import QUESTIONS, WORKS

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

IDENTITY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
INSTANT = portal.core.db.Instant(timezone=True)


def upgrade() -> None:
    _create_work()
    _create_version()
    _create_progress()
    _create_attempt()
    _create_certificate()
    _create_expert_question()
    _create_expert_answer()
    _create_article_topic()
    for index in (WORKS, QUESTIONS):
        index.create(op.get_bind())
        index.create_terms(op.get_bind())


def downgrade() -> None:
    for index in (QUESTIONS, WORKS):
        index.drop_terms(op.get_bind())
        index.drop(op.get_bind())
    op.drop_table("article_topic")
    op.drop_table("expert_answer")
    op.drop_table("expert_question")
    op.drop_table("certificate")
    op.drop_table("quiz_attempt")
    op.drop_table("learning_progress")
    op.drop_table("learning_version")
    op.drop_table("learning_work")


def _create_work() -> None:
    op.create_table(
        "learning_work",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("newest_number", sa.Integer(), nullable=False),
        sa.Column("shown_number", sa.Integer(), nullable=True),
        sa.Column("shown_at", INSTANT, nullable=True),
        sa.Column("writers", DOCUMENT, nullable=False),
        sa.Column("review_note", sa.String(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_work")),
        sa.UniqueConstraint("kind", "slug", name=op.f("uq_learning_work_kind_slug")),
    )
    op.create_index("ix_learning_work_shown", "learning_work", ["kind", "position", "id"])


def _create_version() -> None:
    op.create_table(
        "learning_version",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("work_id", IDENTITY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("texts", DOCUMENT, nullable=False),
        sa.Column("parts", DOCUMENT, nullable=False),
        sa.Column("questions", DOCUMENT, nullable=False),
        sa.Column("settings", DOCUMENT, nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("made_by_id", IDENTITY, nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("published_by_id", IDENTITY, nullable=True),
        sa.Column("published_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_learning_version_made_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"],
            ["person.id"],
            name=op.f("fk_learning_version_published_by_id_person"),
        ),
        sa.ForeignKeyConstraint(
            ["work_id"],
            ["learning_work.id"],
            name=op.f("fk_learning_version_work_id_learning_work"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_version")),
        sa.UniqueConstraint("work_id", "number", name=op.f("uq_learning_version_work_id_number")),
    )


def _create_progress() -> None:
    op.create_table(
        "learning_progress",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("person_id", IDENTITY, nullable=False),
        sa.Column("work_id", IDENTITY, nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_learning_progress_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["work_id"],
            ["learning_work.id"],
            name=op.f("fk_learning_progress_work_id_learning_work"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_progress")),
        sa.UniqueConstraint(
            "person_id", "work_id", "part", name=op.f("uq_learning_progress_person_id_work_id_part")
        ),
    )
    op.create_index("ix_learning_progress_seen", "learning_progress", ["person_id", "seen_at"])


def _create_attempt() -> None:
    op.create_table(
        "quiz_attempt",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("person_id", IDENTITY, nullable=False),
        sa.Column("work_id", IDENTITY, nullable=False),
        sa.Column("version_id", IDENTITY, nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("answers", DOCUMENT, nullable=False),
        sa.Column("correct", sa.Integer(), nullable=True),
        sa.Column("asked", sa.Integer(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_quiz_attempt_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["learning_version.id"],
            name=op.f("fk_quiz_attempt_version_id_learning_version"),
        ),
        sa.ForeignKeyConstraint(
            ["work_id"], ["learning_work.id"], name=op.f("fk_quiz_attempt_work_id_learning_work")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_attempt")),
        sa.UniqueConstraint("ref", name=op.f("uq_quiz_attempt_ref")),
    )
    op.create_index(
        "ix_quiz_attempt_open",
        "quiz_attempt",
        ["person_id", "work_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_quiz_attempt_person", "quiz_attempt", ["person_id", "work_id", "id"])


def _create_certificate() -> None:
    op.create_table(
        "certificate",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("person_id", IDENTITY, nullable=False),
        sa.Column("work_id", IDENTITY, nullable=False),
        sa.Column("version_id", IDENTITY, nullable=False),
        sa.Column("attempt_id", IDENTITY, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("titles", DOCUMENT, nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("lessons", sa.Integer(), nullable=False),
        sa.Column("issued_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.Column("revoked_by_id", IDENTITY, nullable=True),
        sa.Column("revoke_reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["quiz_attempt.id"], name=op.f("fk_certificate_attempt_id_quiz_attempt")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_certificate_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by_id"], ["person.id"], name=op.f("fk_certificate_revoked_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["learning_version.id"],
            name=op.f("fk_certificate_version_id_learning_version"),
        ),
        sa.ForeignKeyConstraint(
            ["work_id"], ["learning_work.id"], name=op.f("fk_certificate_work_id_learning_work")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_certificate_attempt_id")),
        sa.UniqueConstraint("number", name=op.f("uq_certificate_number")),
    )
    op.create_index("ix_certificate_issued", "certificate", ["issued_at", "id"])
    op.create_index("ix_certificate_person", "certificate", ["person_id", "id"])
    op.create_index(
        "ix_certificate_valid",
        "certificate",
        ["person_id", "work_id"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )


def _create_expert_question() -> None:
    op.create_table(
        "expert_question",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("person_id", IDENTITY, nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("may_publish", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("public_subject", sa.String(), nullable=True),
        sa.Column("public_text", sa.String(), nullable=True),
        sa.Column("published_at", INSTANT, nullable=True),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("assigned_id", IDENTITY, nullable=True),
        sa.Column("spam_score", sa.Integer(), nullable=False),
        sa.Column("spam_reasons", DOCUMENT, nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("sketch", DOCUMENT, nullable=False),
        sa.Column("sender", sa.String(), nullable=True),
        sa.Column("form_name", sa.String(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["assigned_id"], ["person.id"], name=op.f("fk_expert_question_assigned_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_expert_question_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_question")),
        sa.UniqueConstraint("form_name", name=op.f("uq_expert_question_form_name")),
        sa.UniqueConstraint("ref", name=op.f("uq_expert_question_ref")),
    )
    op.create_index(
        "ix_expert_question_due",
        "expert_question",
        ["due_at", "id"],
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index("ix_expert_question_public", "expert_question", ["state", "published_at", "id"])
    op.create_index("ix_expert_question_recent", "expert_question", ["created_at"])


def _create_expert_answer() -> None:
    op.create_table(
        "expert_answer",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("question_id", IDENTITY, nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("person_id", IDENTITY, nullable=True),
        sa.Column("author_name", sa.String(), nullable=False),
        sa.Column("author_role", sa.String(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_expert_answer_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["expert_question.id"],
            name=op.f("fk_expert_answer_question_id_expert_question"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_answer")),
    )
    op.create_index("ix_expert_answer_question", "expert_answer", ["question_id", "id"])


def _create_article_topic() -> None:
    op.create_table(
        "article_topic",
        sa.Column("page_id", IDENTITY, nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["page_id"], ["page.id"], name=op.f("fk_article_topic_page_id_page")
        ),
        sa.PrimaryKeyConstraint("page_id", name=op.f("pk_article_topic")),
    )
