"""create tariffs: price lists by zone, and one to begin with

Revision ID: 0017
Revises: 0016
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import portal.core.db

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

IDENTITY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
INSTANT = portal.core.db.Instant(timezone=True)
#: Amounts that nobody has agreed on yet: a centre copies this tariff and puts its own in force.
STARTER = {
    "ref": "TSTARTER",
    "names": {"zh-Hans": "公开价目", "zh-Hant": "公開價目", "en": "Public tariff"},
    "currency": "CNY",
    "state": "active",
    "is_public": True,
    "fuel_bp": 600,
    "tax_bp": 600,
    "insurance_bp": 30,
    "insurance_least_minor": 200,
    "cod_bp": 200,
    "cod_least_minor": 500,
    "pickup_minor": 500,
    "pallet_day_minor": 160,
    "pallet_in_minor": 1200,
    "pallet_out_minor": 1200,
    "free_days": 3,
}


def _rates(standard: tuple[int, int], express: tuple[int, int], cold: tuple[int, int] | None):
    """Return what the first and each further kilogram cost, by service."""
    given = {"standard": standard, "express": express, "cold": cold}
    return {
        service: {"first_g": 1000, "first_minor": rate[0], "step_g": 1000, "step_minor": rate[1]}
        for service, rate in given.items()
        if rate
    }


ZONES = (
    ("city", None, [], "同城", "同城", "Same city", _rates((800, 100), (1500, 180), (2600, 260))),
    (
        "distance",
        300,
        [],
        "一区 300 公里内",
        "一區 300 公里內",
        "Zone 1, up to 300 km",
        _rates((900, 120), (1800, 240), (3200, 340)),
    ),
    (
        "distance",
        800,
        [],
        "二区 800 公里内",
        "二區 800 公里內",
        "Zone 2, up to 800 km",
        _rates((1100, 200), (2200, 420), (3800, 520)),
    ),
    (
        "distance",
        1500,
        [],
        "三区 1500 公里内",
        "三區 1500 公里內",
        "Zone 3, up to 1 500 km",
        _rates((1300, 320), (2600, 780), (4600, 860)),
    ),
    (
        "distance",
        6000,
        [],
        "四区 国内其他",
        "四區 境內其他",
        "Zone 4, elsewhere at home",
        _rates((1800, 620), (3600, 1480), None),
    ),
    (
        "countries",
        None,
        ["HK", "MO", "TW"],
        "港澳台",
        "港澳臺",
        "Hong Kong, Macao, Taiwan",
        _rates((4800, 1600), (7800, 2600), None),
    ),
    (
        "countries",
        None,
        ["JP", "KR", "SG", "MY", "TH", "VN", "PH", "ID"],
        "东亚与东南亚",
        "東亞與東南亞",
        "East and South-East Asia",
        _rates((9800, 3200), (14800, 5200), None),
    ),
    (
        "rest",
        None,
        [],
        "其他国家",
        "其他國家",
        "Everywhere else",
        _rates((16800, 5800), (23800, 8800), None),
    ),
)


def upgrade() -> None:
    tariff = _create_tariff()
    zone = _create_zone()
    now = datetime(2026, 1, 1, tzinfo=UTC)
    op.bulk_insert(tariff, [STARTER | {"created_at": now, "active_from": now}])
    id_ = op.get_bind().scalar(sa.select(tariff.c.id).where(tariff.c.ref == STARTER["ref"]))
    rows = [
        {
            "tariff_id": id_,
            "position": at,
            "names": {"zh-Hans": hans, "zh-Hant": hant, "en": en},
            "kind": kind,
            "km": km,
            "countries": countries,
            "rates": rates,
        }
        for at, (kind, km, countries, hans, hant, en, rates) in enumerate(ZONES, 1)
    ]
    op.bulk_insert(zone, rows)


def _create_tariff() -> sa.Table:
    amounts = (
        "fuel_bp",
        "tax_bp",
        "insurance_bp",
        "insurance_least_minor",
        "cod_bp",
        "cod_least_minor",
        "pickup_minor",
        "pallet_day_minor",
        "pallet_in_minor",
        "pallet_out_minor",
        "free_days",
    )
    return op.create_table(
        "tariff",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("names", DOCUMENT, nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in amounts),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("made_by_id", IDENTITY, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("active_from", INSTANT, nullable=True),
        sa.Column("retired_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_tariff_made_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tariff")),
        sa.UniqueConstraint("ref", name=op.f("uq_tariff_ref")),
    )


def _create_zone() -> sa.Table:
    return op.create_table(
        "tariff_zone",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("tariff_id", IDENTITY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("names", DOCUMENT, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("km", sa.Integer(), nullable=True),
        sa.Column("countries", DOCUMENT, nullable=False),
        sa.Column("rates", DOCUMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["tariff_id"], ["tariff.id"], name=op.f("fk_tariff_zone_tariff_id_tariff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tariff_zone")),
        sa.UniqueConstraint(
            "tariff_id", "position", name=op.f("uq_tariff_zone_tariff_id_position")
        ),
    )


def downgrade() -> None:
    op.drop_table("tariff_zone")
    op.drop_table("tariff")
