"""Entering and changing goods, one at a time."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from portal.accounts.models import Company
from portal.core import clock, events, scope
from portal.core.errors import FieldError, Invalid
from portal.core.i18n import lazy as _l
from portal.warehousing.goods import fulltext
from portal.warehousing.goods.events import SkuChanged, SkuCreated
from portal.warehousing.goods.models import Sku, SkuUnit
from portal.warehousing.goods.rows import units_of
from portal.warehousing.goods.rules import changing
from portal.warehousing.goods.rules.draft import Draft, problems, tidied
from portal.warehousing.goods.stored import stored

_SKU, _UNIT, _COMPANY = Sku.__table__, SkuUnit.__table__, Company.__table__
CHECK = _l("Please check what you entered.")


def create(draft: Draft, company_id: int, *, by: int | None, on: Connection) -> int:
    """Enter goods of a company; return their id.

    Raises Invalid at the fields: what ``draft.problems`` finds, a code or GTIN that the owner has
    given to other goods. Records SkuCreated.
    """
    draft = _checked(draft)
    lock_owner(company_id, on)
    _refuse(taken(draft, company_id, but=None, on=on))
    at = clock.now()
    row = {"company_id": company_id, **changing.columns(draft), "active": True}
    made = insert(_SKU).values(**row, created_at=at, changed_at=at).returning(_SKU.c.id)
    id_ = int(on.scalar(made) or 0)
    _put_units(id_, company_id, draft, on)
    words = fulltext.words(row, (unit.gtin for unit in draft.units))
    fulltext.INDEX.add([(id_, company_id, words)], on=on)
    events.record(SkuCreated(actor_id=by, company_id=company_id, code=draft.code), on=on)
    return id_


def change(row: Any, draft: Draft, *, by: int | None, on: Connection) -> list[str]:
    """Change goods (a row of ``sku``) to what a draft says; return what is different now.

    Raises Invalid at the fields as ``create`` does, and for what cannot change once there was
    stock. Records SkuChanged unless nothing is different.
    """
    draft = _checked(draft)
    lock_owner(row.company_id, on)
    units = units_of([row.id], row.company_id, on)[row.id]
    what = changing.changed(row, units, draft)
    if not what:
        return []
    wrong = taken(draft, row.company_id, but=row.id, on=on)
    if set(what) & changing.FROZEN.keys() and stored([row.id], on):
        wrong += changing.frozen(row, draft)
    _refuse(wrong)
    values = {**changing.columns(draft), "changed_at": clock.now()}
    _update(row, values, on)
    if "units" in what:
        mine = delete(_UNIT).where(_UNIT.c.sku_id == row.id)
        on.execute(mine.execution_options(**scope.of(row.company_id)))
        _put_units(row.id, row.company_id, draft, on)
    words = fulltext.words(values, (unit.gtin for unit in draft.units))
    fulltext.INDEX.change(row.id, row.company_id, words, on=on)
    _told(row, draft.code, what, by, on)
    return what


def set_picture(row: Any, key: str | None, *, by: int | None, on: Connection) -> None:
    """Show goods by a kept picture, or by none. Records SkuChanged."""
    _update(row, {"picture_key": key, "changed_at": clock.now()}, on)
    _told(row, row.code, ["picture_key"], by, on)


def set_active(row: Any, active: bool, *, by: int | None, on: Connection) -> None:
    """Put goods out of use, or into use again: what is left of them stays. Records SkuChanged."""
    if row.active != active:
        _update(row, {"active": active, "changed_at": clock.now()}, on)
        _told(row, row.code, ["active"], by, on)


def lock_owner(company_id: int, on: Connection) -> None:
    """Let one writer at a time give codes and GTINs to the goods of a company."""
    on.execute(select(_COMPANY.c.id).where(_COMPANY.c.id == company_id).with_for_update())


def taken(draft: Draft, company_id: int, *, but: int | None, on: Connection) -> list[FieldError]:
    """Return where a code or GTIN belongs to other goods of the owner than ``but``."""
    wrong = []
    if _with_code(draft.code, company_id, on) - {but}:
        wrong.append(FieldError("code", _l("You have goods with this code already.")))
    fields = {gtin: path for path, gtin in draft.gtins()}
    for gtin, code in gtins_taken(fields, company_id, on=on, but=but).items():
        message = _l("Your goods %(code)s have this GTIN already.", code=code)
        wrong.append(FieldError(fields[gtin], message))
    return wrong


def gtins_taken(
    gtins: Iterable[str], company_id: int, *, on: Connection, but: int | None = None
) -> Mapping[str, str]:
    """Return GTIN → code of the owner's goods that have it, of those that are asked for."""
    wanted = list(gtins)
    if not wanted:
        return {}
    mine = scope.of(company_id)
    single = select(_SKU.c.id, _SKU.c.gtin, _SKU.c.code).where(
        _SKU.c.company_id == company_id, _SKU.c.gtin.in_(wanted)
    )
    larger = (
        select(_SKU.c.id, _UNIT.c.gtin, _SKU.c.code)
        .join_from(_UNIT, _SKU, _SKU.c.id == _UNIT.c.sku_id)
        .where(_UNIT.c.company_id == company_id, _UNIT.c.gtin.in_(wanted))
    )
    rows = [row for q in (single, larger) for row in on.execute(q.execution_options(**mine))]
    return {row.gtin: row.code for row in rows if row.id != but}


def _with_code(code: str, company_id: int, on: Connection) -> set[int | None]:
    mine = select(_SKU.c.id).where(_SKU.c.company_id == company_id, _SKU.c.code == code)
    return set(on.scalars(mine.execution_options(**scope.of(company_id))))


def _checked(draft: Draft) -> Draft:
    draft = tidied(draft)
    _refuse(problems(draft))
    return draft


def _refuse(wrong: Sequence[FieldError]) -> None:
    if wrong:
        raise Invalid(CHECK, list(wrong))


def _put_units(id_: int, company_id: int, draft: Draft, on: Connection) -> None:
    if draft.units:
        on.execute(insert(_UNIT), unit_rows(id_, company_id, draft))


def unit_rows(id_: int, company_id: int, draft: Draft) -> list[dict[str, Any]]:
    """Return the rows of ``sku_unit`` that a draft says."""
    owner = {"company_id": company_id, "sku_id": id_}
    return [
        owner | {name: getattr(unit, name) for name in changing.UNIT_COLUMNS}
        for unit in draft.units
    ]


def _update(row: Any, values: Mapping[str, Any], on: Connection) -> None:
    mine = update(_SKU).where(_SKU.c.company_id == row.company_id, _SKU.c.id == row.id)
    on.execute(mine.values(**values).execution_options(**scope.of(row.company_id)))


def _told(row: Any, code: str, what: list[str], by: int | None, on: Connection) -> None:
    event = SkuChanged(actor_id=by, company_id=row.company_id, code=code, what=what)
    events.record(event, on=on)
