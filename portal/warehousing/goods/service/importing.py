"""Reading a sheet of goods: batch by batch, so that nobody waits and nothing is half done.

Good rows enter in transactions of BATCH rows; after a crash it goes on behind the last of them.
All or nothing is checked wholly first and then enters in one transaction.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import Connection, insert, select, update

from portal.accounts.service.companies import new_ref
from portal.core import clock, events, files, i18n, jobs, scope, sheets
from portal.core.aside import aside
from portal.core.db import db, write
from portal.core.errors import Invalid, PortalError
from portal.core.i18n import TAGS
from portal.core.i18n import lazy as _l
from portal.core.jobs import Lane
from portal.core.sentences import kept
from portal.core.sheets import Sheet
from portal.warehousing.goods.events import SkuImported
from portal.warehousing.goods.models import GoodsImport
from portal.warehousing.goods.rules import sheets as rules
from portal.warehousing.goods.rules.columns import COLUMNS
from portal.warehousing.goods.rules.sheets import Mapped, Problem, Read
from portal.warehousing.goods.service import judging, writing
from portal.warehousing.goods.service.judging import Judged, Seen

KIND = "goods_import"
BATCH = 500  # rows of one transaction
MOST_PROBLEMS = 5_000  # that are kept; a sheet with more of them is another sheet
_TABLE = GoodsImport.__table__
TOO_LONG = _l("The file has more than %(limit)s rows. Split it up.", limit=rules.MOST_ROWS)
OUR_FAULT = _l(
    "Something went wrong on our side. Read the sheet in again: nothing is entered twice."
)


@dataclass(frozen=True)
class Found:
    """What was found so far."""

    rows: int = 0
    bad: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)

    def plus(self, judged: Judged) -> "Found":
        """Return it with what was found in some more rows."""
        return Found(
            self.rows + judged.rows,
            self.bad + judged.bad,
            self.created + len(judged.new),
            self.changed + len(judged.changed),
            self.unchanged + judged.unchanged,
            [*self.problems, *judged.problems],
        )

    def values(self) -> dict[str, Any]:
        """Return the columns of ``goods_import``."""
        figures = ("rows", "bad", "created", "changed", "unchanged")
        return {
            **{name: getattr(self, name) for name in figures},
            "problems": [list(each) for each in self.problems[:MOST_PROBLEMS]],
        }


def receive(
    data: bytes, name: str, choice: str, company_id: int, *, by: int | None, on: Connection
) -> Any:
    """Keep a sheet to be read by a worker; return its row. Raises Invalid for an empty file."""
    if not data:
        raise Invalid(_l("The file is empty. Choose another one."))
    if choice not in rules.CHOICES:
        raise Invalid(_l("Choose one from the list."))
    row = {
        "ref": new_ref("GI"),
        "company_id": company_id,
        "person_id": by,
        "name": files.clean_name(name) or "goods.csv",
        "file_key": files.keep(data, "application/octet-stream").key,
        "state": "checking",
        "choice": choice,
        "created_at": clock.now(),
        **Found().values(),
        "read": 0,
    }
    made = on.execute(insert(_TABLE).values(**row).returning(_TABLE)).one()
    jobs.owe(KIND, {"import": made.id, "company": company_id}, on=on)
    return made


def handle(payload: Mapping[str, Any]) -> None:
    """Carry out a job; bears being run twice and being cut off anywhere."""
    carry_on(payload["import"], payload["company"])


def carry_on(import_id: int, company_id: int) -> None:
    """Read the sheet of an import to its end, from wherever it stands."""
    mine = select(_TABLE).where(_TABLE.c.id == import_id, _TABLE.c.company_id == company_id)
    row = db.session.execute(mine.execution_options(**scope.of(company_id))).first()
    db.session.commit()
    if row is None or row.state not in ("checking", "running"):
        return
    try:
        _read(row)
    except PortalError as fault:
        _change(row, state="failed", error=kept(fault.message), ended_at=clock.now())


def _read(row: Any) -> None:
    sheet = aside(sheets.opened, files.read(row.file_key))
    columns = rules.mapped(sheet.headers, header_names())
    if row.choice == "good_rows":
        _enter_good(row, sheet, columns)
        return
    found, seen = Found(), Seen()
    for batch in _batches(sheet, columns):
        judged = judging.judge(batch, columns, seen, row.company_id, on=db.session.connection())
        db.session.commit()
        found = found.plus(judged)
        _change(row, **found.values(), read=batch[-1].line)
        clock.breathe()
    if row.choice == "all_or_nothing" and not found.bad:
        _enter_all(row, sheet, columns)
        return
    _change(row, **_none_entered(found, row.choice), state="checked", ended_at=clock.now())


def _none_entered(found: Found, choice: str) -> dict[str, Any]:
    values = found.values()
    return values if choice == "dry_run" else {**values, "created": 0, "changed": 0}


def _enter_good(row: Any, sheet: Sheet, columns: Sequence[Mapped]) -> None:
    seen, found = Seen(), _so_far(row)
    for batch in _batches(sheet, columns):
        if batch[-1].line <= row.read:  # entered before a crash
            judging.note(batch, seen)
            continue

        def work(on: Connection, batch: Sequence[Read] = batch, before: Found = found) -> Found:
            judged = judging.judge(batch, columns, seen, row.company_id, on=on, lock=True)
            writing.enter(judged, row.company_id, on)
            so_far = before.plus(judged)
            _update(row, {**so_far.values(), "state": "running", "read": batch[-1].line}, on)
            return so_far

        found = write(work)
        clock.breathe()
    write(lambda on: _finish(row, found, on))


def _enter_all(row: Any, sheet: Sheet, columns: Sequence[Mapped]) -> None:
    """Enter every row in one transaction; what was found good may be wrong by now, then none."""
    batches = list(_batches(sheet, columns))

    def work(on: Connection) -> None:
        found, seen = Found(), Seen()
        for batch in batches:
            judged = judging.judge(batch, columns, seen, row.company_id, on=on, lock=True)
            found = found.plus(judged)
            if found.bad:
                raise Invalid(_l("Goods were changed while the sheet was read. Read it in again."))
            writing.enter(judged, row.company_id, on)
        _finish(row, found, on)

    write(work)


def _finish(row: Any, found: Found, on: Connection) -> None:
    _update(row, {**found.values(), "state": "done", "ended_at": clock.now()}, on)
    if found.created or found.changed:
        events.record(
            SkuImported(
                actor_id=row.person_id,
                company_id=row.company_id,
                ref=row.ref,
                created=found.created,
                changed=found.changed,
            ),
            on=on,
        )


def _so_far(row: Any) -> Found:
    problems = [Problem(*each) for each in row.problems]
    return Found(row.rows, row.bad, row.created, row.changed, row.unchanged, problems)


def _batches(sheet: Sheet, columns: Sequence[Mapped]) -> Iterator[list[Read]]:
    """Yield lists of BATCH rows, each read aside; raises Invalid where there are too many."""
    how = rules.Reading(columns, choice_words(), sheets.unguarded)
    rows, read = sheet.rows(), 0

    def some() -> list[Read]:
        return [rules.read(each.line, each.cells, how) for each in islice(rows, BATCH)]

    while batch := aside(some):
        read += len(batch)
        if read > rules.MOST_ROWS:
            raise Invalid(TOO_LONG)
        yield batch
    if not read:
        raise Invalid(_l("There is no line with goods in it."))


def header_names() -> dict[str, str]:
    """Return what a header may be called, lower case, in every language → key of the column."""
    found = {word: column.key for column in COLUMNS for word in (column.key, *column.known_as)}
    for tag in TAGS:
        with i18n.speaking(tag):
            found |= {str(column.label).strip().lower(): column.key for column in COLUMNS}
    return found


def choice_words() -> dict[str, dict[str, str]]:
    """Return key of a column of choices → word in any language, lower case → code."""
    found: dict[str, dict[str, str]] = {}
    for column in COLUMNS:
        for code in column.choices or ():
            found.setdefault(column.key, {})[code.lower()] = code
        for tag in TAGS if column.choices else ():
            with i18n.speaking(tag):
                said = {str(text).lower(): code for code, text in (column.choices or {}).items()}
            found[column.key] |= said
    return found


def _change(row: Any, **values: Any) -> None:
    write(lambda on: _update(row, values, on))


def _update(row: Any, values: Mapping[str, Any], on: Connection) -> None:
    mine = update(_TABLE).where(_TABLE.c.company_id == row.company_id, _TABLE.c.id == row.id)
    on.execute(mine.values(**values).execution_options(**scope.of(row.company_id)))


jobs.handles(KIND, handle, lane=Lane.LONG)
