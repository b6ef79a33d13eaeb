"""Orders from sheets: kept, checked as a whole, and placed order by order.

Each order is placed in a transaction of its own, under its own number: a job that was cut off
goes on where it stood, and no order is there twice.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from portal.accounts.service.companies import new_ref
from portal.core import clock, files, jobs, scope, sheets, working
from portal.core.aside import aside
from portal.core.db import db, write
from portal.core.errors import Invalid, PortalError, Refused
from portal.core.i18n import lazy as _l
from portal.core.jobs import Lane
from portal.core.sentences import kept
from portal.core.working import Hours
from portal.warehousing.outbound.models import OutboundSheet
from portal.warehousing.outbound.rules import sheets as rules
from portal.warehousing.outbound.rules.asked import Goods, Understood, understand
from portal.warehousing.outbound.rules.sheets import Group, Problem
from portal.warehousing.outbound.service import asking, orders
from portal.warehousing.outbound.service.orders import NewOrder
from portal.warehousing.sites import queries as sites

KIND = "outbound_sheet"
AT_ONCE = 50  # orders that are placed while somebody waits; more are a job
MOST_PROBLEMS = 2_000  # that are kept
MOST_BYTES = 10 * 1024 * 1024
_SHEET = OutboundSheet.__table__


@dataclass(frozen=True)
class Checked:
    """The orders of a sheet: good ones with what they mean, and what is wrong with the others."""

    rows: int
    good: Sequence[tuple[Group, Understood]]
    bad: int
    problems: Sequence[Problem]


def join() -> None:
    """Let jobs place what is much."""
    jobs.handles(KIND, _handle, lane=Lane.LONG)


def receive(data: bytes, name: str, warehouse_id: int, company_id: int, *, by: int | None) -> Any:
    """Keep a sheet and check it; return its row. Nothing is placed yet.

    Raises Invalid where it cannot be read.
    """
    if not data:
        raise Invalid(_l("The file is empty. Choose another one."))
    if len(data) > MOST_BYTES:
        raise Invalid(_l("The file is larger than 10 MB. Split it up."))
    groups = aside(_grouped, data)
    found = checked(groups, company_id, on=db.session.connection())
    row = {
        "ref": new_ref("OS"),
        "company_id": company_id,
        "person_id": by,
        "name": files.clean_name(name) or "orders.csv",
        "file_key": files.keep(data, "application/octet-stream").key,
        "warehouse_id": warehouse_id,
        "state": "checked",
        "rows": found.rows,
        "orders": len(found.good),
        "bad": found.bad,
        "placed": 0,
        "existing": 0,
        "refused": 0,
        "problems": _kept(found.problems),
        "created_at": clock.now(),
    }
    return write(lambda on: on.execute(insert(_SHEET).values(row).returning(*_SHEET.c)).one())


def _grouped(data: bytes) -> list[Group]:
    sheet = sheets.opened(data)
    columns = rules.mapped(sheet.headers)
    return rules.grouped(_cells(sheet, columns))


def _cells(sheet: Any, columns: Mapping[str, int]) -> Iterator[tuple[int, dict[str, str]]]:
    for row in sheet.rows():
        cells = {
            name: _plain(row.cells[place]) if place < len(row.cells) else ""
            for name, place in columns.items()
        }
        if any(cells.values()):
            yield row.line, cells


def _plain(cell: str) -> str:
    text = sheets.unguarded(cell)
    return "".join(c for c in text if c.isprintable() and not "\ud800" <= c <= "\udfff").strip()


def checked(groups: Sequence[Group], company_id: int, *, on: Connection) -> Checked:
    """Return what the orders of a sheet mean, and what is wrong; a few reads for all of them."""
    if not groups:
        raise Invalid(_l("There is no line with goods in it."))
    lines = [line for group in groups for _, line in group.lines]
    goods = asking.goods_of(lines, company_id, on=on)
    good: list[tuple[Group, Understood]] = []
    problems: list[Problem] = []
    for group in groups:
        found = _understood(group, goods)
        wrong = rules.problems_of(group, found.errors)
        problems += wrong
        if not wrong:
            good.append((group, found))
    return Checked(len(lines), good, len(groups) - len(good), problems)


def _understood(group: Group, goods: Goods) -> Understood:
    return understand(group.asked(), goods, clock.now().astimezone(clock.zone()).date())


def _kept(problems: Sequence[Problem]) -> list[list[Any]]:
    shown = sorted(problems, key=lambda each: each.line)[:MOST_PROBLEMS]
    return [[each.line, each.column, each.given[:100], kept(each.sentence)] for each in shown]


def place(sheet: Any) -> None:
    """Place the good orders of a sheet that was checked; many of them by a job.

    Raises Refused where that was begun before.
    """

    def begin(on: Connection) -> None:
        mine = (_SHEET.c.id == sheet.id, _SHEET.c.company_id == sheet.company_id)
        changing = update(_SHEET).where(*mine, _SHEET.c.state == "checked").values(state="placing")
        own = changing.returning(_SHEET.c.id).execution_options(**scope.of(sheet.company_id))
        if on.scalar(own) is None:
            raise Refused(_l("The orders of this sheet are being placed already."))
        if sheet.orders > AT_ONCE:
            jobs.owe(KIND, {"sheet": sheet.id, "company": sheet.company_id}, on=on)

    write(begin)
    if sheet.orders <= AT_ONCE:
        carry_on(sheet.id, sheet.company_id)


def _handle(payload: Mapping[str, Any]) -> None:
    carry_on(payload["sheet"], payload["company"])


def carry_on(sheet_id: int, company_id: int) -> None:
    """Place the orders of a sheet; bears being run twice and being cut off anywhere."""
    mine = select(_SHEET).where(_SHEET.c.id == sheet_id, _SHEET.c.company_id == company_id)
    sheet = db.session.execute(mine.execution_options(**scope.of(company_id))).first()
    if sheet is None or sheet.state != "placing":
        return
    try:
        groups = aside(_grouped, files.read(sheet.file_key))
        found = checked(groups, company_id, on=db.session.connection())
    except PortalError as error:
        _write(sheet, state="failed", problems=[[0, "", "", kept(error.message)]])
        return
    _place_all(sheet, found)
    files.forget(sheet.file_key)


def _place_all(sheet: Any, found: Checked) -> None:
    warehouse, hours = sites.warehouse_of(sheet.warehouse_id), working.hours()
    counts = {"placed": 0, "existing": 0, "refused": 0}
    problems = list(found.problems)
    db.session.commit()  # ends the read: what follows writes
    for number, (group, understood) in enumerate(found.good, 1):
        outcome, wrong = _place_one(sheet, group, understood, warehouse, hours)
        counts[outcome] += 1
        problems += wrong
        if number % AT_ONCE == 0:
            _write(sheet, **counts)
    _write(sheet, **counts, state="done", problems=_kept(problems), ended_at=clock.now())


def _place_one(
    sheet: Any, group: Group, found: Understood, warehouse: Any, hours: Hours
) -> tuple[str, list[Problem]]:
    new = NewOrder(
        company_id=sheet.company_id,
        warehouse=warehouse,
        columns=found.columns,
        lines=found.lines,
    )
    try:
        placed = write(lambda on: orders.place(new, hours=hours, by=sheet.person_id, on=on))
    except PortalError as error:
        wrong = [Problem(group.first, "order_ref", group.order_ref, error.message)]
        for each in error.errors:
            wrong += _short(group, each)
        return "refused", wrong
    return ("placed" if placed.is_new else "existing"), []


def _short(group: Group, error: Any) -> list[Problem]:
    """Return which row of an order that was refused wants more than there is."""
    parts = error.field.split(".")
    if len(parts) != 3 or not parts[1].isdecimal() or int(parts[1]) >= len(group.lines):
        return []
    line, asked = group.lines[int(parts[1])]
    return [Problem(line, parts[2], asked.quantity, error.message)]


def _write(sheet: Any, **values: Any) -> None:
    mine = (_SHEET.c.id == sheet.id, _SHEET.c.company_id == sheet.company_id)
    changing = update(_SHEET).where(*mine).values(**values)
    write(lambda on: on.execute(changing.execution_options(**scope.of(sheet.company_id))))
