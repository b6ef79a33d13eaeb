"""From a scanned code to goods of the owner of a notice."""

from typing import Any

from sqlalchemy import Connection, bindparam, select

from portal.core import scope
from portal.core.errors import NotFound, Refused
from portal.core.i18n import lazy as _l
from portal.core.prepared import Prepared
from portal.warehousing.goods import scanning
from portal.warehousing.goods.scanning import Scanned
from portal.warehousing.ledger.models import Balance, HandlingUnit, Lot

_LOT, _BALANCE, _UNIT = Lot.__table__, Balance.__table__, HandlingUnit.__table__
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
_BY_SSCC = Prepared(
    select(_UNIT).where(_UNIT.c.sscc == bindparam("sscc")).execution_options(**scope.CENTRE)
)


def goods(code: str, company_id: int, on: Connection) -> Scanned:
    """Return what a code stands for among an owner’s goods.

    Raises NotFound for a code that nobody has, Refused for another owner’s goods.
    """
    found = scanning.by_code(code, {company_id}, on)
    if found is not None:
        return found
    if scanning.is_known(code, on):
        raise Refused(
            _l("These goods belong to another owner. Put them aside and call the supervisor.")
        )
    raise NotFound(
        _l(
            "Nobody has goods with the code %(code)s. Scan it again, or look the goods up.",
            code=code[:40],
        )
    )


def check_serial(sku: Any, serial: str, on: Connection) -> None:
    """Raise Refused where a piece with this serial number lies here already: a double scan."""
    values = {"company": sku.company_id, "sku": sku.id, "code": serial}
    if _LYING.first(on, values) is not None:
        raise Refused(_l("The serial number %(serial)s is in stock already.", serial=serial[:40]))


def unit(sscc: str, on: Connection) -> Any:
    """Return the handling unit with an SSCC; None: there is none yet."""
    return _BY_SSCC.first(on, {"sscc": sscc})
