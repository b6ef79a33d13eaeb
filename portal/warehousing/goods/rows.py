"""Rows of goods for use cases that know the owner; all columns of ``sku`` and ``sku_unit``."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, bindparam, select

from portal.core import scope
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.prepared import Prepared
from portal.warehousing.goods.models import Sku, SkuUnit

T = TypeVar("T")
_SKU, _UNIT = Sku.__table__, SkuUnit.__table__
AT_ONCE = 500  # values in one list of a statement
NOT_FOUND = _l("There are no goods with that code.")
_ONE = Prepared(
    select(_SKU)
    .where(_SKU.c.company_id == bindparam("company"), _SKU.c.id == bindparam("sku"))
    .execution_options(**scope.BOUND)
)


def sku_row(id_: int, company_id: int, on: Connection) -> Any:
    """Return the row of one SKU of an owner; raises NotFound where it is not his."""
    found = _ONE.first(on, {"company": company_id, "sku": id_})
    if found is None:
        raise NotFound(NOT_FOUND)
    return found


def sku_rows(ids: Iterable[int], company_id: int, on: Connection) -> dict[int, Any]:
    """Return id → row of the SKUs of an owner; what is not his is not in it."""
    return {row.id: row for row in _rows(_SKU.c.id, sorted(set(ids)), company_id, on)}


def skus_by_code(codes: Iterable[str], company_id: int, on: Connection) -> dict[str, Any]:
    """Return code → row of the SKUs of an owner, for codes as people type them.

    Keys are the codes as they are kept (upper case); what is not his is not in it.
    """
    wanted = sorted({as_code(code) for code in codes})
    return {row.code: row for row in _rows(_SKU.c.code, wanted, company_id, on)}


def units_of(ids: Iterable[int], company_id: int, on: Connection) -> dict[int, list[Any]]:
    """Return SKU id → its rows of ``sku_unit``, the smallest first; [] for those without."""
    found: dict[int, list[Any]] = defaultdict(list)
    for some in parts(sorted(set(ids))):
        wanted = select(_UNIT).where(_UNIT.c.company_id == company_id, _UNIT.c.sku_id.in_(some))
        wanted = wanted.order_by(_UNIT.c.sku_id, _UNIT.c.holds, _UNIT.c.id)
        for row in on.execute(wanted.execution_options(**scope.of(company_id))):
            found[row.sku_id].append(row)
    return found


def as_code(text: str) -> str:
    """Return a code of goods as it is kept: without space around it, upper case."""
    return text.strip().upper()


def _rows(column: Any, values: Sequence[Any], company_id: int, on: Connection) -> Iterator[Any]:
    for some in parts(values):
        wanted = select(_SKU).where(_SKU.c.company_id == company_id, column.in_(some))
        yield from on.execute(wanted.execution_options(**scope.of(company_id)))


def parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Return ``values`` in parts that fit the list of one statement."""
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]
