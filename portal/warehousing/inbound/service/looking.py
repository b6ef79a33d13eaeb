"""What a scan at the door means: a notice, a pallet that was announced, goods of its owner."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from portal.accounts.access import User
from portal.accounts.models import Company
from portal.core import scope
from portal.core.errors import NotFound, Refused
from portal.core.i18n import lazy as _l
from portal.core.quantities import NOTHING, written
from portal.warehousing.floor.scans import Scan
from portal.warehousing.floor.service.reading import warehouse_of
from portal.warehousing.goods.queries import sku_row
from portal.warehousing.goods.scanning import all_by_code
from portal.warehousing.inbound.models import InboundNotice, NoticeLine, PutAwayTask
from portal.warehousing.inbound.rules import states
from portal.warehousing.inbound.service import held, known
from portal.warehousing.ledger.models import HandlingUnit
from portal.warehousing.sites.models import WarehouseWorker

_NOTICE, _LINE, _TASK, _UNIT, _COMPANY, _WORKER = (
    model.__table__
    for model in (InboundNotice, NoticeLine, PutAwayTask, HandlingUnit, Company, WarehouseWorker)
)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Goods that were scanned, with what is known of them; ``sku`` None: a pallet alone."""

    sku: Any = None
    level: str = "each"
    quantity: Decimal | None = None
    lot: str = ""
    expires_on: date | None = None
    made_on: date | None = None
    sscc: str = ""

    def args(self) -> Iterable[tuple[str, str]]:
        """Return it as parameters of the screen that asks how many."""
        days = {"expires_on": self.expires_on, "made_on": self.made_on}
        values = {
            "sku": str(self.sku.id),
            "level": self.level,
            "quantity": "" if self.quantity is None else written(self.quantity),
            "lot": self.lot,
            "sscc": self.sscc,
            **{name: day.isoformat() if day else "" for name, day in days.items()},
        }
        return [(name, value) for name, value in values.items() if value]


def house_of(by: User, on: Connection) -> int:
    """Return the warehouse in which somebody works; raises Refused where he has to choose."""
    return warehouse_of(by, on)


def check_house(warehouse_id: int | None, by: User, on: Connection) -> None:
    """Raise NotFound for a warehouse in which somebody does not work, and for none."""
    own = select(_WORKER.c.warehouse_id).where(_WORKER.c.person_id == by.person_id)
    houses = on.execute(own).scalars().all()
    if warehouse_id is None or (houses and warehouse_id not in houses):
        raise NotFound(states.NOT_FOUND)


def check_notice(ref: str, by: User, on: Connection) -> None:
    """Raise NotFound for a notice of a warehouse in which somebody does not work."""
    of_notice = select(_NOTICE.c.warehouse_id).where(_NOTICE.c.ref == ref)
    check_house(on.scalar(of_notice.execution_options(**scope.CENTRE)), by, on)


def house_of_task(task_id: int, on: Connection) -> int | None:
    """Return the warehouse of a task; None: there is no such task."""
    of_task = select(_TASK.c.warehouse_id).where(_TASK.c.id == task_id)
    return on.scalar(of_task.execution_options(**scope.CENTRE))


def company_of(ref: str, on: Connection) -> int:
    """Return the id of a company by its reference; raises NotFound for none."""
    found = on.scalar(select(_COMPANY.c.id).where(_COMPANY.c.ref == ref.strip().upper()))
    if found is None:
        raise NotFound(_l("There is no company with that reference."))
    return int(found)


def notice_of(code: str, on: Connection) -> str | None:
    """Return the reference of the open notice with this reference or announced pallet."""
    wanted = select(_NOTICE.c.ref)
    if code.startswith("IN"):
        wanted = wanted.where(_NOTICE.c.ref == code)
    else:
        of_pallet = select(_LINE.c.notice_id).where(_LINE.c.sscc == code)
        wanted = wanted.where(_NOTICE.c.id.in_(of_pallet), _NOTICE.c.status.in_(states.OPEN))
    found = on.execute(wanted.order_by(_NOTICE.c.id.desc()).execution_options(**scope.CENTRE))
    return found.scalars().first()


def seen(ref: str, scan: Scan, on: Connection) -> Seen:
    """Return what was scanned of a notice.

    Raises NotFound for a code that nobody has, Refused for another owner’s goods and for a notice
    that is not being received.
    """
    notice = held.notice(ref, on)
    if notice.status not in states.RECEIVABLE:
        raise Refused(_l("This notice is not being received. Look at its state."))
    if scan.kind == "sscc":
        return _pallet(notice, scan, on)
    found = known.goods(scan.gtin or scan.text, notice.company_id, on)
    quantity = scan.quantity or (scan.weight_kg if found.sku.unit == "KGM" else None)
    return Seen(
        sku=found.sku,
        level=found.level,
        quantity=Decimal(1) if found.sku.lot_policy == "serial" else quantity,
        lot=_lot_of(found.sku, scan),
        expires_on=scan.expires_on,
        made_on=scan.made_on,
        sscc=scan.sscc or "",
    )


def _lot_of(sku: Any, scan: Scan) -> str:
    return (scan.serial if sku.lot_policy == "serial" else scan.lot) or ""


def _pallet(notice: Any, scan: Scan, on: Connection) -> Seen:
    """Return what was announced on a pallet; the code alone where it was not."""
    wanted = select(_LINE).where(_LINE.c.notice_id == notice.id, _LINE.c.sscc == scan.sscc)
    line = on.execute(wanted.execution_options(**scope.of(notice.company_id))).first()
    if line is None:
        if scan.gtin:  # a label that says both what it is and what is on it
            found = known.goods(scan.gtin, notice.company_id, on)
            return Seen(
                sku=found.sku,
                level=found.level,
                quantity=scan.quantity,
                lot=_lot_of(found.sku, scan),
                expires_on=scan.expires_on,
                sscc=scan.sscc or "",
            )
        return Seen(sscc=scan.sscc or "")
    if line.received > NOTHING:
        raise Refused(_l("This pallet has been received already."))
    return Seen(
        sku=sku_row(line.sku_id, notice.company_id, on),
        level=line.level,
        quantity=line.said,
        lot=line.lot_code or scan.lot or "",
        expires_on=line.expires_on or scan.expires_on,
        sscc=str(line.sscc),
    )


def task_of(scan: Scan, warehouse_id: int, on: Connection) -> int | None:
    """Return the open task of putting away goods, or a pallet, that was scanned."""
    wanted = select(_TASK.c.id).where(
        _TASK.c.warehouse_id == warehouse_id, _TASK.c.done_at.is_(None)
    )
    if scan.sscc:
        units = select(_UNIT.c.id).where(_UNIT.c.sscc == scan.sscc)
        wanted = wanted.where(_TASK.c.handling_unit_id.in_(units))
    else:
        goods = all_by_code(scan.gtin or scan.text, None, on)
        wanted = wanted.where(_TASK.c.sku_id.in_([each.sku.id for each in goods]))
    return on.scalar(wanted.order_by(_TASK.c.id).limit(1).execution_options(**scope.CENTRE))
