"""Alembic's environment: migrates the database of the running application."""

from importlib import import_module
from pkgutil import walk_packages

from alembic import context
from flask import current_app

import portal
from portal.core.db import Base

for module in walk_packages(portal.__path__, "portal."):
    import_module(module.name)  # so that every table is known

config = context.config


def include_object(thing, name, kind, reflected, compare_to):
    """Leave out full-text indexes, which are made by hand (portal/core/fulltext.py)."""
    return not (kind == "table" and name and "_words" in name)


def run_migrations() -> None:
    """Bring the database to the wanted revision."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            include_object=include_object,
            user_module_prefix="portal.core.db.",
        )
        with context.begin_transaction():
            context.run_migrations()


run_migrations()
