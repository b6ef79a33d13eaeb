"""From a scanned code to goods: a GTIN of any of their units, or the owner's own code."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, bindparam, select

from portal.core import scope
from portal.core.errors import Refused
from portal.core.gs1 import is_gtin
from portal.core.i18n import lazy as _l
from portal.core.prepared import Prepared
from portal.warehousing.goods.models import Sku, SkuUnit
from portal.warehousing.goods.rows import as_code
from portal.warehousing.goods.rules.kinds import BASE_LEVEL

_SKU, _UNIT = Sku.__table__, SkuUnit.__table__
#: The same GTIN is printed with more or with fewer zeros in front of it.
_FORMS: tuple[Any, ...] = tuple(bindparam(f"form_{length}") for length in (8, 12, 13, 14))
_BY_GTIN = Prepared(select(_SKU).where(_SKU.c.gtin.in_(_FORMS)).execution_options(**scope.CENTRE))
_BY_UNIT = Prepared(
    select(_SKU, _UNIT.c.level, _UNIT.c.holds)
    .join_from(_UNIT, _SKU, _SKU.c.id == _UNIT.c.sku_id)
    .where(_UNIT.c.gtin.in_(_FORMS))
    .execution_options(**scope.CENTRE)
)
_BY_CODE = Prepared(
    select(_SKU).where(_SKU.c.code == bindparam("code")).execution_options(**scope.CENTRE)
)


@dataclass(frozen=True)
class Scanned:
    """Goods that a code stands for: the row of ``sku``, the level, base units in one of it."""

    sku: Any
    level: str
    holds: Decimal

    def __iter__(self) -> Any:
        """Let it be taken apart: ``sku, level, holds = found``."""
        return iter((self.sku, self.level, self.holds))


def by_code(code: str, company_ids: Collection[int] | None, on: Connection) -> Scanned | None:
    """Return the goods that a GTIN (any unit) or a SKU code stands for; None if nobody's.

    ``company_ids``: whose goods can be meant; None: anybody's. Goods out of use are found too:
    what lies here must be told by its code. Raises Refused where several owners have goods with
    this code: say whose they are.
    """
    found = all_by_code(code, company_ids, on)
    if len(found) > 1:
        raise Refused(
            _l("Several owners have goods with this code. Open the notice or order first.")
        )
    return found[0] if found else None


def all_by_code(code: str, company_ids: Collection[int] | None, on: Connection) -> list[Scanned]:
    """Return all goods that a code stands for, at most one of each owner, by SKU id."""
    text = code.strip()
    found: list[Scanned] = []
    if is_gtin(text):
        found = _with_gtin(text, on)
    mine = [each for each in found if _is_of(each, company_ids)]
    if not mine:
        rows = _BY_CODE.all(on, {"code": as_code(text)})
        coded = (Scanned(row, BASE_LEVEL, Decimal(1)) for row in rows)
        mine = [each for each in coded if _is_of(each, company_ids)]
    return sorted(mine, key=lambda each: int(each.sku.id))


def is_known(code: str, on: Connection) -> bool:
    """Return whether anybody has goods with this code: then it is not unknown, but another's."""
    return bool(all_by_code(code, None, on))


def _with_gtin(text: str, on: Connection) -> list[Scanned]:
    forms = forms_of(text)
    single = [Scanned(row, BASE_LEVEL, Decimal(1)) for row in _BY_GTIN.all(on, forms)]
    more = [Scanned(row, row.level, row.holds) for row in _BY_UNIT.all(on, forms)]
    return single + more


def _is_of(found: Scanned, company_ids: Collection[int] | None) -> bool:
    return company_ids is None or found.sku.company_id in company_ids


def forms_of(gtin: str) -> dict[str, str]:
    """Return the ways in which a GTIN may be written: as many zeros in front as there is room."""
    digits = gtin.lstrip("0")
    return {
        f"form_{length}": digits.zfill(length) if len(digits) <= length else gtin
        for length in (8, 12, 13, 14)
    }
