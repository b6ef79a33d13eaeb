"""Commands: ``flask --app wsgi …``."""

from flask import Flask

from portal.accounts import cli as accounts


def init_app(app: Flask) -> None:
    """Offer the commands."""
    for group in (*accounts.GROUPS,):
        app.cli.add_command(group)
