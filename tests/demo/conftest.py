"""A demo centre that a module loads once and its tests begin from."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from portal.core.db import db
from portal.demo.load import load


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Return where a module keeps the demo that it loaded; each has one of its own."""
    return tmp_path_factory.mktemp("demo") / "kept.db"


@pytest.fixture
def loaded(app, kept):
    """``loaded(consignments, …)`` loads a demo as ``load`` does; later tests get a copy of it."""

    def begin(*args, **values):
        if kept.exists():
            db.session.remove()
            db.engine.dispose()
            shutil.copyfile(kept, app.extensions["test database"])
            return
        load(*args, **values)
        db.session.remove()
        db.engine.dispose()
        with closing(sqlite3.connect(app.extensions["test database"])) as on:
            on.execute(f"VACUUM INTO '{kept}'")

    return begin
