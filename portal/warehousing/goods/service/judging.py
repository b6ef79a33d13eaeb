"""Which rows of a sheet are good, beside what the owner has and what stood above them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from portal.core.errors import FieldError
from portal.core.i18n import lazy as _l
from portal.warehousing.goods.rows import skus_by_code, units_of
from portal.warehousing.goods.rules import changing
from portal.warehousing.goods.rules import sheets as rules
from portal.warehousing.goods.rules.draft import Draft, problems
from portal.warehousing.goods.rules.sheets import Mapped, Problem, Read
from portal.warehousing.goods.service.editing import gtins_taken, lock_owner
from portal.warehousing.goods.stored import Stored, stored


@dataclass
class Seen:
    """Codes and GTINs of the rows above, each with its line."""

    codes: dict[str, int] = field(default_factory=dict)
    gtins: dict[str, int] = field(default_factory=dict)


@dataclass
class Judged:
    """Rows of a sheet: new goods, changes of others (their row and draft), what is wrong."""

    rows: int = 0
    bad: int = 0
    unchanged: int = 0
    new: list[Draft] = field(default_factory=list)
    changed: list[tuple[Any, Draft, list[str]]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Known:
    """What the owner has of the goods of some rows."""

    skus: Mapping[str, Any]
    units: Mapping[int, Sequence[Any]]
    stored: Mapping[int, Stored]
    gtins: Mapping[str, str]


def judge(
    batch: Sequence[Read],
    columns: Sequence[Mapped],
    seen: Seen,
    company_id: int,
    *,
    on: Connection,
    lock: bool = False,
) -> Judged:
    """Tell good rows from wrong ones; ``lock``: nobody else gives codes until they are written."""
    if lock:
        lock_owner(company_id, on)
    known, drafts = _known(batch, company_id, on)
    judged = Judged(rows=len(batch))
    for row, draft in zip(batch, drafts, strict=True):
        wrong = [*row.problems] or rules.faults(
            row, _wrong(row, draft, known, seen), columns, row.values
        )
        seen.codes.setdefault(row.code, row.line)
        if wrong or draft is None:
            judged.bad += 1
            judged.problems += wrong
            continue
        for _path, gtin in draft.gtins():
            seen.gtins.setdefault(gtin, row.line)
        _sort(judged, draft, known)
    return judged


def note(batch: Sequence[Read], seen: Seen) -> None:
    """Remember rows that were entered before: what is below may not repeat them."""
    for row in batch:
        seen.codes.setdefault(row.code, row.line)


def _sort(judged: Judged, draft: Draft, known: Known) -> None:
    sku = known.skus.get(draft.code)
    if sku is None:
        judged.new.append(draft)
        return
    what = changing.changed(sku, list(known.units[sku.id]), draft)
    if what:
        judged.changed.append((sku, draft, what))
    else:
        judged.unchanged += 1


def _known(
    batch: Sequence[Read], company_id: int, on: Connection
) -> tuple[Known, list[Draft | None]]:
    skus = skus_by_code((row.code for row in batch if row.code), company_id, on)
    ids = [sku.id for sku in skus.values()]
    units = units_of(ids, company_id, on)
    drafts = [None if row.problems else _draft(row, skus, units) for row in batch]
    wanted = {gtin for draft in drafts if draft is not None for _path, gtin in draft.gtins()}
    gtins = gtins_taken(sorted(wanted), company_id, on=on)
    return Known(skus, units, stored(ids, on), gtins), drafts


def _draft(row: Read, skus: Mapping[str, Any], units: Mapping[int, Sequence[Any]]) -> Draft:
    sku = skus.get(row.code)
    base = None if sku is None else changing.draft_of(sku, units[sku.id])
    return rules.applied(base, row)


def _wrong(row: Read, draft: Draft | None, known: Known, seen: Seen) -> list[FieldError]:
    if draft is None:
        return []
    if (line := seen.codes.get(row.code, row.line)) != row.line:
        message = _l("Line %(line)s has this code already.", line=line)
        return [FieldError("code", message)]
    wrong = problems(draft)
    for path, gtin in draft.gtins():
        other = known.gtins.get(gtin)
        if other is not None and other != draft.code:
            message = _l("Your goods %(code)s have this GTIN already.", code=other)
            wrong.append(FieldError(path, message))
        elif (line := seen.gtins.get(gtin, row.line)) != row.line:
            message = _l("Line %(line)s has this GTIN already.", line=line)
            wrong.append(FieldError(path, message))
    sku = known.skus.get(draft.code)
    if sku is not None and sku.id in known.stored:
        wrong += changing.frozen(sku, draft)
    return wrong
