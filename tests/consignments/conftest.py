"""A member company and its owner; counting what is sent to the database."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event

from portal.core import prepared
from tests.factories import make_colleague, make_company


@pytest.fixture
def company(app):
    return make_company()


@pytest.fixture
def owner(company, as_user):
    """Return the browser of the company's owner."""
    return as_user(make_colleague(company))


@pytest.fixture
def statements(db):
    """``with statements() as seen:`` notes every statement, and every COMMIT, in order."""

    @contextmanager
    def noting():
        seen = []

        def note(_connection, _cursor, statement, *_rest):
            if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")):
                seen.append(statement)

        def commit(_connection):
            seen.append("COMMIT")

        def hear(_connection, statement, _values):
            seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        event.listen(db.engine, "commit", commit)
        prepared.heard.append(hear)
        try:
            yield seen
        finally:
            prepared.heard.remove(hear)
            event.remove(db.engine, "before_cursor_execute", note)
            event.remove(db.engine, "commit", commit)

    return noting
