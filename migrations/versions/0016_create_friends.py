"""create friends: links to other sites, in groups

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import portal.core.db

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

IDENTITY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
INSTANT = portal.core.db.Instant(timezone=True)
#: Headings that a centre begins with; its editors change them.
GROUPS = (
    {"zh-Hans": "合作伙伴", "zh-Hant": "合作夥伴", "en": "Partners"},
    {"zh-Hans": "主管部门", "zh-Hant": "主管機關", "en": "Authorities"},
    {"zh-Hans": "行业组织", "zh-Hant": "行業組織", "en": "Associations"},
    {"zh-Hans": "承运与口岸", "zh-Hant": "承運與口岸", "en": "Carriers and ports"},
    {"zh-Hans": "学习与工具", "zh-Hant": "學習與工具", "en": "Learning and tools"},
)


def upgrade() -> None:
    groups = op.create_table(
        "friend_group",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("names", DOCUMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_friend_group")),
    )
    op.bulk_insert(groups, [{"position": at, "names": names} for at, names in enumerate(GROUPS, 1)])
    op.create_table(
        "friend",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("group_id", IDENTITY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("says", sa.String(), nullable=True),
        sa.Column("logo", DOCUMENT, nullable=True),
        sa.Column("contact_name", sa.String(), nullable=True),
        sa.Column("contact_email", sa.String(), nullable=True),
        sa.Column("spam_score", sa.Integer(), nullable=False),
        sa.Column("spam_reasons", DOCUMENT, nullable=False),
        sa.Column("form_name", sa.String(), nullable=True),
        sa.Column("proposed_at", INSTANT, nullable=False),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("decided_by_id", IDENTITY, nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("check_at", INSTANT, nullable=True),
        sa.Column("checked_at", INSTANT, nullable=True),
        sa.Column("found", sa.String(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("hidden_as_dead", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["friend_group.id"], name=op.f("fk_friend_group_id_friend_group")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_friend_decided_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_friend")),
        sa.UniqueConstraint("ref", name=op.f("uq_friend_ref")),
        sa.UniqueConstraint("form_name", name=op.f("uq_friend_form_name")),
    )
    op.create_index("ix_friend_state", "friend", ["state", "group_id", "position", "id"])
    op.create_index("ix_friend_due", "friend", ["check_at"])


def downgrade() -> None:
    op.drop_table("friend")
    op.drop_table("friend_group")
