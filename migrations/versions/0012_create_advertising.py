"""create advertising

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import portal.core.db

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ad_count",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "campaign_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "creative_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("served", sa.Integer(), nullable=False),
        sa.Column("views", sa.Integer(), nullable=False),
        sa.Column("valid_views", sa.Integer(), nullable=False),
        sa.Column("viewers", sa.Integer(), nullable=False),
        sa.Column("clicks", sa.Integer(), nullable=False),
        sa.Column("valid_clicks", sa.Integer(), nullable=False),
        sa.Column("clickers", sa.Integer(), nullable=False),
        sa.Column("inquiries", sa.Integer(), nullable=False),
        sa.Column("applications", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "day", "campaign_id", "creative_id", "zone", name=op.f("pk_ad_count")
        ),
    )
    op.create_table(
        "ad_hit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("impression", sa.String(), nullable=True),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("creative_id", sa.Integer(), nullable=True),
        sa.Column("zone", sa.String(), nullable=True),
        sa.Column("visitor", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ad_hit")),
    )
    op.create_index("ix_ad_hit_at", "ad_hit", ["at"], unique=False)
    op.create_index(
        "ix_ad_hit_once",
        "ad_hit",
        ["kind", "impression"],
        unique=True,
        sqlite_where=sa.text("reason IS NULL"),
        postgresql_where=sa.text("reason IS NULL"),
    )
    op.create_index("ix_ad_hit_visitor", "ad_hit", ["visitor", "day", "kind"], unique=False)
    op.create_table(
        "ad_reason",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "campaign_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "campaign_id", "kind", "reason", name=op.f("pk_ad_reason")),
    )
    op.create_table(
        "ad_campaign",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("advertiser", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("starts_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column("ends_at", portal.core.db.Instant(timezone=True), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("booked", sa.Integer(), nullable=True),
        sa.Column("cap", sa.Integer(), nullable=True),
        sa.Column(
            "targeting",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("window_days", sa.Integer(), nullable=False),
        sa.Column(
            "authors",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "approved_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("created_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column("delivered", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["person.id"], name=op.f("fk_ad_campaign_approved_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_ad_campaign_created_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ad_campaign")),
        sa.UniqueConstraint("ref", name=op.f("uq_ad_campaign_ref")),
    )
    op.create_index("ix_ad_campaign_state", "ad_campaign", ["state"], unique=False)
    op.create_table(
        "ad_conversion",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column(
            "campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("creative_id", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("clicked_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column("at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["ad_campaign.id"],
            name=op.f("fk_ad_conversion_campaign_id_ad_campaign"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ad_conversion")),
        sa.UniqueConstraint("kind", "ref", name=op.f("uq_ad_conversion_kind_ref")),
    )
    op.create_index(
        op.f("ix_ad_conversion_campaign_id"), "ad_conversion", ["campaign_id"], unique=False
    )
    op.create_table(
        "ad_creative",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "zones",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column(
            "words",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("colour", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("picture", sa.String(), nullable=True),
        sa.Column(
            "pictures",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("media", sa.String(), nullable=True),
        sa.Column("media_type", sa.String(), nullable=True),
        sa.Column("is_off", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["ad_campaign.id"], name=op.f("fk_ad_creative_campaign_id_ad_campaign")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ad_creative")),
    )
    op.create_index(
        op.f("ix_ad_creative_campaign_id"), "ad_creative", ["campaign_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_ad_creative_campaign_id"), table_name="ad_creative")
    op.drop_table("ad_creative")
    op.drop_index(op.f("ix_ad_conversion_campaign_id"), table_name="ad_conversion")
    op.drop_table("ad_conversion")
    op.drop_index("ix_ad_campaign_state", table_name="ad_campaign")
    op.drop_table("ad_campaign")
    op.drop_table("ad_reason")
    op.drop_index("ix_ad_hit_visitor", table_name="ad_hit")
    op.drop_index(
        "ix_ad_hit_once",
        table_name="ad_hit",
        sqlite_where=sa.text("reason IS NULL"),
        postgresql_where=sa.text("reason IS NULL"),
    )
    op.drop_index("ix_ad_hit_at", table_name="ad_hit")
    op.drop_table("ad_hit")
    op.drop_table("ad_count")
