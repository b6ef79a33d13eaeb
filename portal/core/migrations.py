"""Migrations of the database, by Flask-Migrate and alembic: 25 MB that commands alone need."""

from pathlib import Path
from typing import Any

from flask import Flask

from portal.core import later
from portal.core.db import db

FOLDER = Path(__file__).parents[2] / "migrations"


class Later:
    """Stands among the extensions for Flask-Migrate, which is loaded when it is first used."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __getattr__(self, name: str) -> Any:
        """Put Flask-Migrate in this place and ask it."""
        migrate = later.loaded("flask_migrate:Migrate")
        migrate(self._app, db, directory=str(FOLDER), render_as_batch=True)
        return getattr(self._app.extensions["migrate"], name)


def init_app(app: Flask) -> None:
    """Let the database of ``app`` be migrated."""
    app.extensions["migrate"] = Later(app)
