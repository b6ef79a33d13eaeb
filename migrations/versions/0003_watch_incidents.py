"""watch incidents: their clock, their steps, their counts, and who is told

Revision ID: 0003
Revises: 0002
"""

import secrets
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

import portal.core.db

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_AT = portal.core.db.Instant(timezone=True)
_SETTLED = ("draft", "delivered", "closed", "cancelled", "returned")
#: The reason that an event gave → the class of the incident; what is not named here is a delay.
_CLASSES = {
    "damaged": "damage",
    "packing": "damage",
    "wrong_address": "wrong_address",
    "temperature": "temperature",
    "shortage": "shortage",
    "customs": "customs_hold",
    "missing_paper": "missing_paper",
    "unknown": "other",
}
_DUE = timedelta(hours=24)


def upgrade() -> None:
    _add_columns()
    _make_tables()
    _fill()
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.alter_column("ref", existing_type=sa.String(), nullable=False)
        batch_op.alter_column("due_at", existing_type=_AT, nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_incident_ref"), ["ref"])
        batch_op.create_foreign_key(
            batch_op.f("fk_incident_assigned_to_id_person"), "person", ["assigned_to_id"], ["id"]
        )
        batch_op.drop_index("ix_incident_open")
    _index("incident", "uq_incident_open_class", ["consignment_id", "kind"], _OPEN, unique=True)
    _index("incident", "ix_incident_due", ["due_at", "id"], _OPEN)
    _index("incident", "ix_incident_closed", ["closed_at", "id"], "closed_at IS NOT NULL")
    _index("incident", "ix_incident_tell", ["tell_at", "company_id"], "tell IS NOT NULL")
    op.create_index("ix_incident_company", "incident", ["company_id", "id"])
    _index("consignment", "ix_consignment_check", ["check_at", "id"], "check_at IS NOT NULL")


_OPEN = "closed_at IS NULL"


def _index(table: str, name: str, columns: list[str], only: str, unique: bool = False) -> None:
    where = sa.text(only)
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)


def _add_columns() -> None:
    op.add_column("consignment", sa.Column("check_at", _AT, nullable=True))
    for column in (
        sa.Column("ref", sa.String(), nullable=True),
        sa.Column("predicted", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("opened_by", sa.String(), nullable=False, server_default="event"),
        sa.Column("due_at", _AT, nullable=True),
        sa.Column("acknowledged_at", _AT, nullable=True),
        sa.Column("assigned_to_id", _ID, nullable=True),
        sa.Column("closed_reason", sa.String(), nullable=True),
        sa.Column("tell", sa.String(), nullable=True),
        sa.Column("tell_at", _AT, nullable=True),
        sa.Column("told_at", _AT, nullable=True),
    ):
        op.add_column("incident", column)


def _make_tables() -> None:
    op.create_table(
        "incident_step",
        sa.Column("id", _ID, nullable=False),
        sa.Column("company_id", _ID, nullable=False),
        sa.Column("incident_id", _ID, nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("actor_id", _ID, nullable=True),
        sa.Column("state_before", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("assigned_before_id", sa.Integer(), nullable=True),
        sa.Column("assigned_to_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("owner_visible", sa.Boolean(), nullable=False),
        _to("incident_step", "company_id", "company"),
        _to("incident_step", "incident_id", "incident"),
        _to("incident_step", "actor_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_step")),
    )
    op.create_index("ix_incident_step_incident", "incident_step", ["incident_id", "id"])
    _counted("incident_count", "kind", "state")
    _counted("incident_figure", "month", "kind")
    op.create_table(
        "incident_mute",
        sa.Column("company_id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        _to("incident_mute", "company_id", "company"),
        _to("incident_mute", "person_id", "person"),
        sa.PrimaryKeyConstraint("company_id", "person_id", name=op.f("pk_incident_mute")),
    )
    op.create_table(
        "incident_watch",
        sa.Column("id", _ID, nullable=False),
        sa.Column("position", _ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_watch")),
    )


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )


def _counted(table: str, *keys: str) -> None:
    op.create_table(
        table,
        sa.Column("company_id", _ID, nullable=False),
        *(sa.Column(key, sa.String(), nullable=False) for key in keys),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("owners", sa.Integer(), nullable=False),
        _to(table, "company_id", "company"),
        sa.PrimaryKeyConstraint("company_id", *keys, name=op.f(f"pk_{table}")),
    )


def _fill() -> None:
    """Give what is there its class, reference, clock and counts; of twins the older stays open."""
    on = op.get_bind()
    incident = _table("incident")
    open_ones: set[tuple[int, str]] = set()
    for row in on.execute(sa.select(incident).order_by(incident.c.id)).all():
        kind = _CLASSES.get(row.kind, "delay")
        values = {"kind": kind, "ref": _ref(), "due_at": row.opened_at + _DUE}
        if row.closed_at is None and (row.consignment_id, kind) in open_ones:
            values |= {"state": "written_off", "closed_at": datetime.now(UTC)}
        elif row.closed_at is None:
            open_ones.add((row.consignment_id, kind))
        on.execute(sa.update(incident).where(incident.c.id == row.id).values(**values))
    _count(on)
    _watch(on)


def _ref() -> str:
    return "I" + "".join(secrets.choice("23456789ABCDEFGHJKMNPQRSTVWXYZ") for _ in range(9))


def _count(on: sa.Connection) -> None:
    """Make the counts, and let the consignments' own follow where a twin was closed."""
    row, own = _table("incident"), _table("consignment")
    month = (
        sa.func.strftime("%Y-%m", row.c.opened_at, "+8 hours", type_=sa.String)
        if on.dialect.name == "sqlite"
        else sa.func.to_char(sa.func.timezone("Asia/Shanghai", row.c.opened_at), "YYYY-MM")
    )
    count, known = sa.func.count(), sa.func.sum(sa.case((row.c.owner_visible, 1), else_=0))
    for name, columns in (
        ("incident_count", {"kind": row.c.kind, "state": row.c.state}),
        ("incident_figure", {"month": month, "kind": row.c.kind}),
    ):
        keys = (row.c.company_id, *(key.label(name) for name, key in columns.items()))
        counted = sa.select(*keys, count, known).group_by(*keys)
        into = ["company_id", *columns, "count", "owners"]
        on.execute(sa.insert(_table(name)).from_select(into, counted))
    mine = sa.select(count).where(row.c.consignment_id == own.c.id, row.c.closed_at.is_(None))
    values = {
        "open_incidents": mine.scalar_subquery(),
        "owner_incidents": mine.where(row.c.owner_visible).scalar_subquery(),
    }
    on.execute(sa.update(own).where(own.c.open_incidents > 0).values(**values))


_NAMES = {
    "incident": "id company_id consignment_id kind ref state opened_at due_at closed_at owner_visible",
    "consignment": "id status open_incidents owner_incidents check_at history",
    "incident_count": "company_id kind state count owners",
    "incident_figure": "company_id month kind count owners",
}


def _table(name: str) -> sa.TableClause:
    """Return what the statements here name of a table."""
    columns = _NAMES[name].split()
    flags = ("owner_visible", "history")
    kinds = {c: _AT if c.endswith("_at") else sa.Boolean() if c in flags else None for c in columns}
    return sa.table(name, *(sa.column(c, kind) for c, kind in kinds.items()))


def _watch(on: sa.Connection) -> None:
    """Let the rules look once at all that is under way, and then read the log from its end."""
    consignment = _table("consignment")
    moving = consignment.c.status.not_in(_SETTLED) & sa.not_(consignment.c.history)
    on.execute(sa.update(consignment).where(moving).values(check_at=datetime.now(UTC)))
    on.exec_driver_sql(
        "INSERT INTO incident_watch (id, position) SELECT 1, COALESCE(MAX(position), 0) FROM event"
    )


def downgrade() -> None:
    op.drop_index("ix_consignment_check", "consignment")
    op.drop_column("consignment", "check_at")
    for table in ("incident_watch", "incident_mute", "incident_figure", "incident_count"):
        op.drop_table(table)
    op.drop_table("incident_step")
    for name in ("company", "tell", "closed", "due"):
        op.drop_index(f"ix_incident_{name}", "incident")
    op.drop_index("uq_incident_open_class", "incident")
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.drop_constraint("fk_incident_assigned_to_id_person", type_="foreignkey")
        batch_op.drop_constraint("uq_incident_ref", type_="unique")
        for name in (
            "ref predicted opened_by due_at acknowledged_at assigned_to_id closed_reason "
            "tell tell_at told_at"
        ).split():
            batch_op.drop_column(name)
        batch_op.create_index("ix_incident_open", ["state", "opened_at"])
