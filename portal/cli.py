"""Commands: ``flask --app wsgi …``."""

from flask import Flask

from portal.accounts import cli as accounts
from portal.consignments import cli as consignments
from portal.core import catalogues
from portal.demo import cli as demo
from portal.exchange import cli as exchange
from portal.live import cli as live


def init_app(app: Flask) -> None:
    """Offer the commands."""
    groups = (*accounts.GROUPS, *consignments.GROUPS, *exchange.GROUPS, catalogues.i18n, demo.demo)
    for command in (*groups, *live.COMMANDS):
        app.cli.add_command(command)
