"""The guard of company scoping: fails closed, in requests, sockets, workers and commands alike.

Tables that hold members' rows carry ``info=SCOPED``. A statement that reads or changes such a
table must say on whose behalf, by ``.execution_options(**of(company_id))`` or ``**CENTRE``;
without it the statement raises instead of showing one company the rows of another.
"""

from typing import Any

from sqlalchemy import BindParameter, Delete, Engine, Select, Table, Update, event
from sqlalchemy.orm import Session
from sqlalchemy.sql import visitors

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
    if not isinstance(statement, Select | Update | Delete):
        return
    said = statement.get_execution_options().get("scope")
    if said == BOUND["scope"] and "company" not in _parameters(statement):
        raise Unscoped("The statement has no parameter “company” that limits it.")
    if said is None and (tables := _scoped_tables(statement)):
        raise Unscoped(f"Say on whose behalf {', '.join(sorted(tables))} is read or changed.")


def _parameters(statement: Any) -> set[str]:
    return {part.key for part in visitors.iterate(statement) if isinstance(part, BindParameter)}


def _scoped_tables(statement: Any) -> set[str]:
    return {
        part.name
        for part in visitors.iterate(statement)
        if isinstance(part, Table) and part.info.get("scope")
    }
