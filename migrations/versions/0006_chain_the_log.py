"""Chain the log of events, and keep which evidence packs were made.

What the log already holds is chained as it stands; every tracking event that is there is sealed
(portal/consignments/sealing.py), since not all of them stand in the log.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import portal.core.db
from portal.consignments import sealing
from portal.core import chain, clock, events, scope

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BATCH = 2000
IDENTITY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
_E = sa.table(
    "event",
    *(sa.column(name) for name in ("id", "position", "name", "company_id", "actor_id", "about")),
    sa.column("payload", DOCUMENT),
    sa.column("recorded_at", portal.core.db.Instant()),
    sa.column("digest"),
    sa.column("hash"),
)
_T = sa.table("tracking_event", sa.column("id"), sa.column("consignment_id"))


def upgrade() -> None:
    op.add_column("event", sa.Column("digest", sa.String(), nullable=True))
    op.add_column("event", sa.Column("hash", sa.String(), nullable=True))
    op.add_column("log_head", sa.Column("hash", sa.String(), nullable=True))
    _create_log_check()
    _create_evidence_pack()
    _chain_what_is_there()
    _seal_what_is_there()


def _create_log_check() -> None:
    op.create_table(
        "log_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("position", IDENTITY, nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("tracking_id", IDENTITY, nullable=False),
        sa.Column("checked_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column("finding", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_check")),
    )


def _create_evidence_pack() -> None:
    op.create_table(
        "evidence_pack",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("company_id", IDENTITY, nullable=False),
        sa.Column("consignment_id", IDENTITY, nullable=False),
        sa.Column("made_at", portal.core.db.Instant(timezone=True), nullable=False),
        sa.Column("made_by_id", IDENTITY, nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("position", IDENTITY, nullable=False),
        sa.Column("head_hash", sa.String(), nullable=False),
        sa.Column("chain_sha256", sa.String(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("files", DOCUMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_evidence_pack_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["consignment_id"],
            ["consignment.id"],
            name=op.f("fk_evidence_pack_consignment_id_consignment"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_evidence_pack_made_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_pack")),
        sa.UniqueConstraint("ref", name=op.f("uq_evidence_pack_ref")),
    )
    op.create_index("ix_evidence_pack_consignment", "evidence_pack", ["consignment_id", "id"])


def _chain_what_is_there() -> None:
    on = op.get_bind()
    after = sa.select(_E).where(_E.c.position > sa.bindparam("after"))
    batch = after.order_by(_E.c.position).limit(BATCH)
    change = (
        sa.update(_E)
        .where(_E.c.id == sa.bindparam("event"))
        .values(digest=sa.bindparam("digest_"), hash=sa.bindparam("hash_"))
    )
    position, last = 0, None
    while rows := on.execute(batch, {"after": position}).all():
        links = list(chain.chained(rows, rows[0].position - 1, last))
        on.execute(
            change, [{"event": of.id, "digest_": of.digest, "hash_": of.hash} for of in links]
        )
        position, last = rows[-1].position, links[-1].hash
    on.execute(sa.text("UPDATE log_head SET hash = :hash"), {"hash": last})


def _seal_what_is_there() -> None:
    on = op.get_bind()
    bounds = sa.select(sa.func.max(_T.c.id), sa.func.max(_T.c.consignment_id))
    upto, last = on.execute(bounds.execution_options(**scope.CENTRE)).one()
    if upto is None:
        return
    for group in range(sealing.group_of(last) + 1):
        seal = sealing.seal(sealing.histories(group, upto, on=on), group=group, upto=upto)
        if seal.rows:
            on.execute(sa.insert(_E), [_row(seal)])


def _row(event: events.Event) -> dict[str, object]:
    return {
        "name": event.name,
        "company_id": event.company_id,
        "actor_id": event.actor_id,
        "about": event.about,
        "payload": event.payload(),
        "recorded_at": clock.now(),
    }


def downgrade() -> None:
    op.drop_table("evidence_pack")
    op.drop_table("log_check")
    for table, column in (("log_head", "hash"), ("event", "hash"), ("event", "digest")):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(column)
