"""Writing many goods at once: a few statements for hundreds of rows."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from portal.core import clock, scope
from portal.warehousing.goods import fulltext
from portal.warehousing.goods.models import Sku, SkuUnit
from portal.warehousing.goods.rows import parts
from portal.warehousing.goods.rules import changing
from portal.warehousing.goods.rules.draft import Draft
from portal.warehousing.goods.service.editing import unit_rows
from portal.warehousing.goods.service.judging import Judged

_SKU, _UNIT = Sku.__table__, SkuUnit.__table__


def enter(judged: Judged, company_id: int, on: Connection) -> None:
    """Enter new goods and change others, as they were judged good."""
    if judged.new:
        _insert(judged.new, company_id, on)
    if judged.changed:
        _change([(row, draft) for row, draft, _what in judged.changed], company_id, on)


def _insert(drafts: Sequence[Draft], company_id: int, on: Connection) -> None:
    at = clock.now()
    usual = {"company_id": company_id, "active": True, "created_at": at, "changed_at": at}
    on.execute(insert(_SKU), [{**usual, **changing.columns(draft)} for draft in drafts])
    ids = _ids([draft.code for draft in drafts], company_id, on)
    _put_units([(ids[draft.code], draft) for draft in drafts], company_id, on)
    _index([(ids[draft.code], draft) for draft in drafts], company_id, on)


def _ids(codes: Sequence[str], company_id: int, on: Connection) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in parts(codes):
        mine = select(_SKU.c.code, _SKU.c.id).where(
            _SKU.c.company_id == company_id, _SKU.c.code.in_(some)
        )
        rows = on.execute(mine.execution_options(**scope.of(company_id)))
        found |= {row.code: row.id for row in rows}
    return found


def _change(pairs: Sequence[tuple[Any, Draft]], company_id: int, on: Connection) -> None:
    at = clock.now()
    names = [*changing.COLUMNS, "changed_at"]
    again = (
        update(_SKU)
        .where(_SKU.c.company_id == company_id, _SKU.c.id == bindparam("sku"))
        .values({name: bindparam(f"new_{name}") for name in names})
    )
    rows = [
        {"sku": row.id}
        | {f"new_{name}": value for name, value in changing.columns(draft).items()}
        | {"new_changed_at": at}
        for row, draft in pairs
    ]
    on.execute(again.execution_options(**scope.of(company_id)), rows)
    ids = [row.id for row, _draft in pairs]
    for some in parts(ids):
        gone = delete(_UNIT).where(_UNIT.c.company_id == company_id, _UNIT.c.sku_id.in_(some))
        on.execute(gone.execution_options(**scope.of(company_id)))
    _put_units([(row.id, draft) for row, draft in pairs], company_id, on)
    for row, draft in pairs:
        fulltext.INDEX.change(row.id, company_id, _words(draft), on=on)


def _put_units(pairs: Sequence[tuple[int, Draft]], company_id: int, on: Connection) -> None:
    rows = [row for id_, draft in pairs for row in unit_rows(id_, company_id, draft)]
    if rows:
        on.execute(insert(_UNIT), rows)


def _index(pairs: Sequence[tuple[int, Draft]], company_id: int, on: Connection) -> None:
    fulltext.INDEX.add(((id_, company_id, _words(draft)) for id_, draft in pairs), on=on)


def _words(draft: Draft) -> str:
    return fulltext.words(changing.columns(draft), (unit.gtin for unit in draft.units))
