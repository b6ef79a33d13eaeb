"""Looking for what runs low or expires, and telling of it by mail, at most once a day."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from flask_babel import ngettext
from sqlalchemy import Connection, delete, func, insert, or_, select, update

from portal.accounts.models import OPEN, Company, Membership, Person
from portal.accounts.roles import MEMBER_ROLES
from portal.core import clock, mail, scope
from portal.core.db import AnyRow, db, transaction, write
from portal.core.i18n import speaking
from portal.core.links import abroad
from portal.core.quantities import NOTHING, Quantity
from portal.warehousing.goods.models import Sku
from portal.warehousing.goods.rules import unit_text
from portal.warehousing.ledger.models import Balance, Lot, StockSnapshot, StockTotal
from portal.warehousing.ledger.rules import APPROVED
from portal.warehousing.stock import rules
from portal.warehousing.stock.models import StockAlert, StockWish

_SKU, _TOTAL, _S, _LOT, _B = (
    each.__table__ for each in (Sku, StockTotal, StockSnapshot, Lot, Balance)
)
_ALERT, _WISH = StockAlert.__table__, StockWish.__table__
SHOWN = 60  # lines of a mail
TEMPLATE = "warehousing/stock/email/alerts.txt"
RIGHT = "stock.see"


def run() -> int:
    """Look at the goods of every owner, then owe the mails that are due; return how many."""
    owners = select(_TOTAL.c.company_id).distinct().execution_options(**scope.CENTRE)
    companies = list(db.session.scalars(owners))
    db.session.commit()
    for company_id in companies:
        write(partial(refresh, company_id))
        clock.breathe()
    return tell_due()


def refresh(company_id: int, on: Connection) -> None:
    """Note what is to be told of an owner's goods now, and forget what no longer holds."""
    now = clock.now()
    mine = scope.of(company_id)
    known = {
        (row.kind, row.sku_id): row
        for row in on.execute(
            select(_ALERT).where(_ALERT.c.company_id == company_id).execution_options(**mine)
        )
    }
    found = {
        (alert.kind, sku_id): alert
        for sku_id, alerts in _found(company_id, on).items()
        for alert in alerts
    }
    for key, alert in found.items():
        values = {"value": alert.value, "threshold": alert.threshold}
        if key not in known:
            row = {"company_id": company_id, "kind": key[0], "sku_id": key[1], "since": now}
            on.execute(insert(_ALERT).values(**row, **values))
        elif (known[key].value, known[key].threshold) != (alert.value, alert.threshold):
            on.execute(
                update(_ALERT)
                .where(*_at(company_id, key))
                .values(**values)
                .execution_options(**mine)
            )
    for key in known.keys() - found.keys():
        on.execute(delete(_ALERT).where(*_at(company_id, key)).execution_options(**mine))


def _at(company_id: int, key: tuple[str, int]) -> Sequence[Any]:
    mine = _ALERT.c.company_id == company_id
    return mine, _ALERT.c.kind == key[0], _ALERT.c.sku_id == key[1]


def _found(company_id: int, on: Connection) -> dict[int, list[rules.Alert]]:
    went, expiring = _went(company_id, on), _expiring(company_id, on)
    found: dict[int, list[rules.Alert]] = {}
    for row in _goods(company_id, expiring, on):
        alerts = rules.alerts(
            row.free or NOTHING,
            went.get(row.id, NOTHING),
            expiring.get(row.id, NOTHING),
            low_stock=row.low_stock,
            low_cover_days=row.low_cover_days,
        )
        if alerts:
            found[row.id] = alerts
    return found


def _goods(company_id: int, expiring: Mapping[int, Decimal], on: Connection) -> Sequence[AnyRow]:
    """Return the goods of which something may have to be told, with what is free of them."""
    free = _TOTAL.c.on_hand - _TOTAL.c.allocated - _TOTAL.c.on_hold
    total = func.sum(free, type_=Quantity()).label("free")
    watched = or_(
        _SKU.c.low_stock.is_not(None),
        _SKU.c.low_cover_days.is_not(None),
        _SKU.c.id.in_(sorted(expiring)),
    )
    wanted = (
        select(_SKU.c.id, _SKU.c.low_stock, _SKU.c.low_cover_days, total)
        .outerjoin_from(
            _SKU,
            _TOTAL,
            (_TOTAL.c.company_id == _SKU.c.company_id) & (_TOTAL.c.sku_id == _SKU.c.id),
        )
        .where(_SKU.c.company_id == company_id, _SKU.c.active, watched)
        .group_by(_SKU.c.id, _SKU.c.low_stock, _SKU.c.low_cover_days)
    )
    return on.execute(wanted.execution_options(**scope.of(company_id))).all()


def _went(company_id: int, on: Connection) -> dict[int, Decimal]:
    """Return SKU → what went on the last ISSUED_OVER closed days, of goods with that threshold."""
    since = clock.now() - timedelta(days=rules.ISSUED_OVER + 1)
    wanted = (
        select(_S.c.sku_id, func.sum(_S.c.went, type_=Quantity()).label("went"))
        .join_from(_S, _SKU, _SKU.c.id == _S.c.sku_id)
        .where(_S.c.company_id == company_id, _S.c.until > since)
        .where(_SKU.c.low_cover_days.is_not(None))
        .group_by(_S.c.sku_id)
    )
    rows = on.execute(wanted.execution_options(**scope.of(company_id)))
    return {row.sku_id: row.went for row in rows}


def _expiring(company_id: int, on: Connection) -> dict[int, Decimal]:
    until = clock.now().astimezone(clock.zone()).date() + timedelta(days=rules.EXPIRING)
    wanted = (
        select(_LOT.c.sku_id, func.sum(_B.c.on_hand, type_=Quantity()).label("quantity"))
        .join_from(_LOT, _B, _B.c.lot_id == _LOT.c.id)
        .where(_LOT.c.company_id == company_id, _LOT.c.expires_on <= until)
        .where(_B.c.on_hand > 0, _B.c.status == APPROVED)
        .group_by(_LOT.c.sku_id)
    )
    rows = on.execute(wanted.execution_options(**scope.of(company_id)))
    return {row.sku_id: row.quantity for row in rows}


def wish(person_id: int, company_id: int, *, wanted: bool) -> None:
    """Let somebody have the alerts of his company by mail, or no longer."""
    mine = (_WISH.c.person_id == person_id, _WISH.c.company_id == company_id)
    db.session.execute(delete(_WISH).where(*mine))
    if wanted:
        row = {"person_id": person_id, "company_id": company_id, "told_at": None}
        db.session.execute(insert(_WISH).values(**row))


def tell_due() -> int:
    """Owe the mails that are due: to each who wants them, once a day, where there is news."""
    told = 0
    with transaction():
        for reader in _readers():
            rows = _news(reader)
            if not rows:
                continue
            _owe(reader, rows)
            mine = (_WISH.c.person_id == reader.id, _WISH.c.company_id == reader.company_id)
            db.session.execute(update(_WISH).where(*mine).values(told_at=clock.now()))
            told += 1
    return told


def _readers() -> Sequence[AnyRow]:
    roles = [role for role, rights in MEMBER_ROLES.items() if RIGHT in rights]
    due = or_(_WISH.c.told_at.is_(None), _WISH.c.told_at <= clock.now() - rules.MAIL_EVERY)
    query = (
        select(Person.id, Person.email, Person.name, Person.locale)
        .add_columns(_WISH.c.company_id, _WISH.c.told_at)
        .join(_WISH, _WISH.c.person_id == Person.id)
        .join(
            Membership,
            (Membership.person_id == Person.id) & (Membership.company_id == _WISH.c.company_id),
        )
        .join(Company, Company.id == _WISH.c.company_id)
        .where(Company.lifecycle.in_(OPEN), Membership.role.in_(roles), due)
        .order_by(Person.id, _WISH.c.company_id)
    )
    locked = query.with_for_update(of=_WISH, skip_locked=True)
    return db.session.execute(locked.execution_options(**scope.CENTRE)).all()


def _news(reader: Any) -> Sequence[AnyRow]:
    """Return all alerts of a company where one of them is newer than the last mail."""
    query = (
        select(_ALERT, _SKU.c.code, _SKU.c.name, _SKU.c.unit)
        .join_from(_ALERT, _SKU, _SKU.c.id == _ALERT.c.sku_id)
        .where(_ALERT.c.company_id == reader.company_id)
        .order_by(_ALERT.c.kind, _SKU.c.code)
    )
    rows = db.session.execute(query.execution_options(**scope.of(reader.company_id))).all()
    is_new = reader.told_at is None or any(row.since > reader.told_at for row in rows)
    return rows if is_new else []


def _owe(reader: Any, rows: Sequence[AnyRow]) -> None:
    with speaking(reader.locale):
        subject = ngettext(
            "Your stock: %(num)d article needs attention",
            "Your stock: %(num)d articles need attention",
            len({row.sku_id for row in rows}),
        )
    mail.owe(
        reader.email,
        TEMPLATE,
        locale=reader.locale,
        subject=subject,
        person=reader,
        parts={kind: [row for row in rows if row.kind == kind][:SHOWN] for kind in rules.ALERTS},
        more=max(0, len(rows) - SHOWN),
        titles=rules.ALERTS,
        unit_text=unit_text,
        abroad=abroad,
    )
