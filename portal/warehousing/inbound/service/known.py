"""From a scanned code to goods of the owner of a notice."""

from typing import Any

from sqlalchemy import Connection, bindparam, select

from portal.core import scope
from portal.core.errors import NotFound, Refused
from portal.core.i18n import lazy as _l
from portal.core.prepared import Prepared
from portal.warehousing.goods import scanning
from portal.warehousing.goods.scanning import Scanned
from portal.warehousing.ledger.models import HandlingUnit

_UNIT = HandlingUnit.__table__
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


def unit(sscc: str, on: Connection) -> Any:
    """Return the handling unit with an SSCC; None: there is none yet."""
    return _BY_SSCC.first(on, {"sscc": sscc})
