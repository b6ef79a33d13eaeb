"""The guard of company scoping: fails closed, in requests, sockets, workers and commands alike.

Tables that hold members' rows carry ``info=SCOPED``. A statement that reads or changes such a
table must say on whose behalf, by ``.execution_options(**of(company_id))`` or ``**CENTRE``;
without it the statement raises instead of showing one company the rows of another.
"""

from typing import Any

from sqlalchemy import (
    BinaryExpression,
    BindParameter,
    Column,
    Delete,
    Engine,
    Insert,
    SelectBase,
    Table,
    Update,
    event,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql import operators, visitors

#: ``info`` of a table whose rows belong to companies.
SCOPED = {"scope": "company"}
#: Execution options of a statement that speaks for the centre itself (staff, workers).
CENTRE: dict[str, Any] = {"scope": "centre"}


class Unscoped(Exception):
    """A statement on members' rows did not say on whose behalf it runs."""


def of(company_id: int) -> dict[str, Any]:
    """Return the execution options of a statement limited to one company's rows."""
    return {"scope": ("company", company_id)}


#: Execution options of a statement made in advance, whose parameter ``company`` limits it.
BOUND: dict[str, Any] = {"scope": "company bound"}


def guard(engine: Engine) -> None:
    """Refuse unscoped statements on ``engine``."""
    event.listen(engine, "before_execute", _check)
    event.listen(Session, "before_flush", _flushing)
    event.listen(Session, "after_flush", _flushed)


def _flushing(session: Session, *_: Any) -> None:
    session.info["flushing"] = True
    session.connection().info["flushing"] = True


def _flushed(session: Session, *_: Any) -> None:
    session.connection().info.pop("flushing", None)


def _check(connection: Any, statement: Any, *rest: Any) -> None:
    if "scope" in rest[-1] or "flushing" in connection.info:  # rows a scoped read handed out
        return
    check(statement)


def check(statement: Any) -> None:
    """Raise Unscoped for a statement on members' rows that does not say on whose behalf."""
    read = statement.select if isinstance(statement, Insert) else statement
    if not isinstance(read, SelectBase | Update | Delete):
        return
    said = statement.get_execution_options().get("scope")
    if said == BOUND["scope"] and not any(map(_limits, visitors.iterate(statement))):
        raise Unscoped("The statement has no parameter “company” that limits it.")
    if said is None and (tables := _scoped_tables(read)):
        raise Unscoped(f"Say on whose behalf {', '.join(sorted(tables))} is read or changed.")


def _limits(part: Any) -> bool:
    """Return whether this is the condition that a row is of the company of the parameter."""
    if not isinstance(part, BinaryExpression) or part.operator is not operators.eq:
        return False
    column, given = part.left, part.right
    is_company = isinstance(column, Column) and column.name == "company_id"
    return is_company and isinstance(given, BindParameter) and given.key == "company"


def _scoped_tables(statement: Any) -> set[str]:
    return {
        part.name
        for part in visitors.iterate(statement)
        if isinstance(part, Table) and part.info.get("scope")
    }
