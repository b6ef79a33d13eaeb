"""Counting what a piece of work costs, and looking at how the database would do it."""

from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from sqlalchemy import event

from portal.core import prepared
from portal.core.db import is_sqlite
from tests.consignments.conftest import statements
from tests.factories import make_colleague, make_company, make_consignment, make_dispatcher

__all__ = ["statements"]
#: Tables that grow with the work of the centre: none of them may be read from end to end.
GROWING = ("consignment", "tracking_event", "piece", "event", "stream_entry", "job", "incident")


@pytest.fixture
def centre(app):
    """Return a company with some consignments, its owner, and a dispatcher."""
    company = make_company()
    owner = make_colleague(company)
    nos = [make_consignment(company).no for _ in range(3)]
    return SimpleNamespace(company=company, owner=owner, nos=nos, dispatcher=make_dispatcher())


@pytest.fixture
def plans(db):
    """``with plans() as seen:`` notes the plan of every statement that reads a growing table."""

    @contextmanager
    def noting():
        noted = []

        def note(_connection, _cursor, statement, parameters, _context, executemany):
            if statement.startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
                noted.append((statement, parameters[0] if executemany else parameters))

        def hear(_connection, statement, values):
            note(None, None, statement, values, None, executemany=False)

        seen = []
        prepared.heard.append(hear)
        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            prepared.heard.remove(hear)
            event.remove(db.engine, "before_cursor_execute", note)
        db.session.rollback()
        seen.extend((statement, _plan(db, statement, values)) for statement, values in noted)
        db.session.rollback()

    return noting


def _plan(db, statement, values):
    connection = db.session.connection()
    if is_sqlite(connection):
        found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", tuple(values))
        return [row[3] for row in found]
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    return [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", values)]


def slow(plan):
    """Return the lines of a plan that read a growing table from end to end."""
    return [line for line in plan if _reads_all(line.strip(" ->"))]


def _reads_all(line):
    words = line.split()
    if words[0] == "SCAN":  # SQLite
        return "INDEX" not in line and words[1] in GROWING
    return line.startswith("Seq Scan on") and words[3] in GROWING  # PostgreSQL
