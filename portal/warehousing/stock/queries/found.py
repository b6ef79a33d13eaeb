"""What a scanned code stands for at the desk: a handling unit, or a location."""

from typing import Any

from sqlalchemy import or_, select

from portal.accounts.access import User
from portal.accounts.models import Company
from portal.core import scope
from portal.core.db import AnyRow, db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.warehousing.goods.models import Sku
from portal.warehousing.ledger.models import HandlingUnit, StockTotal
from portal.warehousing.ledger.queries.visible import own
from portal.warehousing.sites.models import Location, Warehouse

_UNIT, _PLACE, _WAREHOUSE = HandlingUnit.__table__, Location.__table__, Warehouse.__table__
_COMPANY, _TOTAL, _SKU = Company.__table__, StockTotal.__table__, Sku.__table__


def unit_by(user: User, code: str) -> AnyRow | None:
    """Return a handling unit by its SSCC, with or without the (00) in front."""
    digits = "".join(sign for sign in code if sign.isdigit())
    sscc = digits[2:] if len(digits) == 20 and digits.startswith("00") else digits
    if len(sscc) != 18:
        return None
    return db.session.execute(own(user, select(_UNIT).where(_UNIT.c.sscc == sscc), _UNIT)).first()


def location_by(code: str, warehouse_ids: tuple[int, ...]) -> AnyRow | None:
    """Return a location by its barcode or code, in the first of these warehouses that has it."""
    query = (
        select(_PLACE, _WAREHOUSE.c.code.label("warehouse"))
        .join_from(_PLACE, _WAREHOUSE, _WAREHOUSE.c.id == _PLACE.c.warehouse_id)
        .where(_PLACE.c.warehouse_id.in_(warehouse_ids))
        .where(or_(_PLACE.c.barcode == code, _PLACE.c.code == code.upper()))
        .order_by(_PLACE.c.warehouse_id)
        .limit(1)
    )
    return db.session.execute(query).first()


def owners() -> list[AnyRow]:
    """Return ``id, ref, name`` of the companies with goods here, by name."""
    has_any = select(_TOTAL.c.company_id).where(_TOTAL.c.company_id == _COMPANY.c.id).exists()
    query = select(_COMPANY.c.id, _COMPANY.c.ref, _COMPANY.c.name).where(has_any)
    found = db.session.execute(query.order_by(_COMPANY.c.name).execution_options(**scope.CENTRE))
    return list(found)


def owner_by(ref: str) -> AnyRow:
    """Return a company by its reference; raises NotFound for none."""
    query = select(_COMPANY.c.id, _COMPANY.c.ref, _COMPANY.c.name).where(_COMPANY.c.ref == ref)
    found = db.session.execute(query.execution_options(**scope.CENTRE)).first()
    if found is None:
        raise NotFound(_l("There is no such company."))
    return found


def skus_of(ids: set[int]) -> dict[int, Any]:
    """Return SKU → its row, for rows that the reader was found to be allowed to see."""
    query = select(_SKU).where(_SKU.c.id.in_(sorted(ids))).execution_options(**scope.CENTRE)
    return {row.id: row for row in db.session.execute(query)}
