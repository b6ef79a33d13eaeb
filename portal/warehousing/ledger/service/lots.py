"""Lots and handling units: looked up, made where they are new."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.core import clock, gs1, scope, sequences
from portal.core.db import is_sqlite
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.prepared import Prepared
from portal.warehousing.ledger.models import Balance, HandlingUnit, Lot

_LOT, _UNIT, _BALANCE = (model.__table__ for model in (Lot, HandlingUnit, Balance))
NO_LOT = ""
_KNOWN = Prepared(
    select(_LOT)
    .where(
        _LOT.c.company_id == bindparam("company"),
        _LOT.c.sku_id == bindparam("sku"),
        _LOT.c.code == bindparam("which"),
    )
    .execution_options(**scope.BOUND)
)
_LYING = Prepared(
    select(_BALANCE.c.id)
    .join_from(_BALANCE, _LOT, _LOT.c.id == _BALANCE.c.lot_id)
    .where(
        _BALANCE.c.company_id == bindparam("company"),
        _LOT.c.sku_id == bindparam("sku"),
        _LOT.c.code == bindparam("code"),
        _BALANCE.c.on_hand > 0,
    )
    .execution_options(**scope.BOUND)
)


def lot_for(
    sku: Any,
    code: str = NO_LOT,
    *,
    expires_on: date | None = None,
    made_on: date | None = None,
    on: Connection,
) -> Any:
    """Return the lot ``code`` of a SKU (a row of ``sku``), made if it is new.

    A lot without a date of expiry gets the one that is said now. Raises Refused where it is known
    with another one: one of the two is misread.
    """
    wanted = {"company": sku.company_id, "sku": sku.id, "which": code}
    found = _KNOWN.first(on, wanted)
    if found is None:
        _make(sku, code, expires_on, made_on, on)
        found = _KNOWN.first(on, wanted)
    if expires_on is not None and code and found.expires_on is None:
        _date(found, expires_on, on)
        return _KNOWN.first(on, wanted)
    if expires_on is not None and code and found.expires_on not in (None, expires_on):
        raise Refused(
            _l("This lot is known with another date of expiry. Compare the label with it.")
        )
    return found


def check_serial(sku: Any, serial: str, on: Connection) -> None:
    """Raise Refused where a piece with this serial number lies here already: a double scan."""
    values = {"company": sku.company_id, "sku": sku.id, "code": serial}
    if _LYING.first(on, values) is not None:
        raise Refused(_l("The serial number %(serial)s is in stock already.", serial=serial[:40]))


def _make(
    sku: Any, code: str, expires_on: date | None, made_on: date | None, on: Connection
) -> None:
    """Make a lot, unless somebody else makes it at this moment."""
    new = sqlite_insert if is_sqlite(on) else postgresql_insert
    row = {"company_id": sku.company_id, "sku_id": sku.id, "code": code, "status": "approved"}
    dates = {"expires_on": expires_on, "made_on": made_on}
    on.execute(new(_LOT).values(**row, **dates, created_at=clock.now()).on_conflict_do_nothing())


def _date(lot: Any, expires_on: date, on: Connection) -> None:
    """Note the date of a lot of which none was known before."""
    mine = (_LOT.c.company_id == lot.company_id, _LOT.c.id == lot.id)
    dated = update(_LOT).where(*mine).values(expires_on=expires_on)
    on.execute(dated.execution_options(**scope.of(lot.company_id)))


def new_unit(
    company_id: int, kind: str, *, sscc: str | None = None, on: Connection, **measures: Any
) -> Mapping[str, Any]:
    """Make a handling unit: with the SSCC on it, or with a new one of ours (``prefix=``).

    ``measures``: weight_g, length_mm, width_mm, height_mm, parent_id. Returns its columns.
    Raises Refused where the SSCC is known already.
    """
    code = sscc or gs1.sscc(measures.pop("prefix"), sequences.take("sscc", 1, on=on)[0])
    measures.pop("prefix", None)
    row = {"company_id": company_id, "kind": kind, "sscc": code, "created_at": clock.now()}
    known = select(_UNIT.c.id).where(_UNIT.c.sscc == code)
    if on.scalar(known.execution_options(**scope.CENTRE)) is not None:
        raise Refused(_l("This SSCC has been used already. Scan the label again."))
    made = insert(_UNIT).values(**row, **measures).returning(_UNIT.c.id)
    return {"id": on.scalar(made), **row, **measures}
