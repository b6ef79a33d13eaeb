"""Copies of the database: whole, private, and with another epoch when they are put back."""

import pytest
from sqlalchemy import select

from portal.accounts.models import Company
from portal.core.db import db
from portal.live import log
from tests.factories import make_company, make_consignment
from workers import relay


def run(app, *words: str):
    db.session.remove()
    return app.test_cli_runner().invoke(args=list(words))


def names() -> set[str]:
    db.session.remove()
    return set(db.session.scalars(select(Company.name)))


@pytest.fixture
def copy(app, tmp_path):
    """Return the file of a copy that holds one company."""
    make_consignment(make_company(name="Before"))
    relay.run_once()
    file = tmp_path / "copy.db"
    result = run(app, "backup", str(file))
    assert result.exit_code == 0, result.output
    return file


def test_a_copy_is_for_its_owner_alone_and_one_file(copy):
    assert copy.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in copy.parent.glob("copy.db*")] == ["copy.db"]


def test_a_restored_centre_holds_what_the_copy_held(app, copy):
    make_company(name="After")
    assert run(app, "restore", str(copy), "--yes").exit_code == 0
    assert "Before" in names()
    assert "After" not in names()


def test_cursors_from_before_a_restore_are_worthless(app, copy):
    before = log.head().cursor()
    assert log.head().place(before) is not None
    run(app, "restore", str(copy), "--yes")
    db.session.remove()
    assert log.head().place(before) is None


def test_a_copy_is_never_written_over(app, copy):
    result = run(app, "backup", str(copy))
    assert result.exit_code == 1
    assert "there already" in result.output


def test_what_is_no_copy_changes_nothing(app, copy, tmp_path):
    other = tmp_path / "other.db"
    other.write_bytes(b"not a database, " * 100)
    result = run(app, "restore", str(other), "--yes")
    assert result.exit_code == 1
    assert "is not a copy" in result.output
    assert "Before" in names()


def test_a_restore_asks_first(app, copy):
    make_company(name="After")
    assert run(app, "restore", str(copy)).exit_code == 1
    assert "After" in names()
