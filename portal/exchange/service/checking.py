"""Checking a whole file: every consignment understood, every problem kept, nothing created."""

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Row

from portal.consignments.queries.one import order_refs_taken
from portal.core import clock, files
from portal.core.aside import aside
from portal.core.db import db
from portal.exchange.findings import Findings
from portal.exchange.rules import mapping as maps
from portal.exchange.rules.drafts import Draft, drafts
from portal.exchange.rules.limits import within_limits
from portal.exchange.rules.sheets import Sheet, open_sheet
from portal.exchange.rules.survey import Survey, survey

BATCH = 500  # consignments; a tenth of a second of work

#: Told how many rows were read of how many; says whether to go on.
Told = Callable[[int, int], bool]


@dataclass(frozen=True)
class Checked:
    """What a check found; the rest is in its Findings."""

    counts: dict[str, int]
    open_dates: list[str]


def check(row: Row[Any], key: str, own: dict[str, Any] | None, told: Told) -> Checked | None:
    """Check the file of an import into findings under ``key``; None where told to stop.

    Raises SheetError where the file breaks.
    """
    mapping = maps.from_json(row.mapping)
    data = files.read(row.file_key)
    sheet, found = aside(_surveyed, data, row.reading, mapping)
    read, existing = 0, 0
    with Findings(key, fresh=True) as findings:
        made = _checked_drafts(sheet, mapping, found, own)
        for batch in _batches(made):
            findings.add(batch)
            existing += _existing(row.company_id, batch)
            read += sum(len(draft.lines) for draft in batch)
            if not told(read, found.rows):
                return None
        aside(findings.finish)
        counts = dict(findings.counts)
    total = {"rows": found.rows, "existing": existing, **_defaults(counts)}
    return Checked(total, found.open)


def _batches(made: Iterator[Draft]) -> Iterator[list[Draft]]:
    """Yield lists of BATCH drafts, each made aside."""
    while batch := aside(lambda: list(islice(made, BATCH))):
        yield batch


def _surveyed(
    data: bytes, reading: dict[str, str], mapping: maps.ColumnMap
) -> tuple[Sheet, Survey]:
    sheet = opened(data, reading)
    return sheet, survey(sheet.headers, sheet.rows(), mapping)


def opened(data: bytes, reading: Mapping[str, str]) -> Sheet:
    """Return the sheet in ``data``, read as a person has chosen.

    Raises SheetError as ``open_sheet`` does.
    """
    return open_sheet(
        io.BytesIO(data),
        encoding=reading.get("encoding"),
        delimiter=reading.get("delimiter"),
        title=reading.get("title"),
    )


def _checked_drafts(
    sheet: Sheet, mapping: maps.ColumnMap, found: Survey, own: dict[str, Any] | None
) -> Iterator[Draft]:
    now = clock.now()
    headers = {key: header for header, key in reversed(list(mapping.columns.items()))}
    for draft in drafts(sheet, mapping, zone=clock.zone(), own=own, found=found):
        draft.problems.extend(within_limits(draft, headers, now))
        yield draft


def _existing(company_id: int, batch: list[Draft]) -> int:
    refs = [draft.order["order_ref"] for draft in batch if not draft.blocked]
    return len(order_refs_taken(company_id, refs, on=db.session.connection())) if refs else 0


def _defaults(counts: dict[str, int]) -> dict[str, int]:
    names = ("good", "bad", "problems", "notes")
    known = {name: counts.get(name, 0) for name in names}
    return known | {"consignments": known["good"] + known["bad"]}
