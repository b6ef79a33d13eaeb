"""Commands: ``flask --app wsgi …``."""

from flask import Flask

from portal.accounts import cli as accounts
from portal.core import catalogues
from portal.demo import cli as demo
from portal.exchange import cli as exchange


def init_app(app: Flask) -> None:
    """Offer the commands."""
    for group in (*accounts.GROUPS, *exchange.GROUPS, catalogues.i18n, demo.demo):
        app.cli.add_command(group)
