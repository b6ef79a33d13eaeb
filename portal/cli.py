"""Commands: ``flask --app wsgi …``. What they alone need is loaded by them alone."""

from flask import Flask

from portal.core.commands import LaterCommands

#: Name of a command → its module and what it is called there.
COMMANDS = {
    "apikey": "portal.accounts.cli:apikey",
    "backup": "portal.live.cli:backup",
    "club": "portal.club.daily.cli:group",
    "company": "portal.accounts.cli:company",
    "db": "flask_migrate.cli:db",
    "demo": "portal.demo.cli:demo",
    "figures": "portal.consignments.cli:group",
    "i18n": "portal.core.catalogues:i18n",
    "import": "portal.exchange.cli:group",
    "learning": "portal.learning.cli:group",
    "ledger": "portal.warehousing.ledger.cli:group",
    "log": "portal.live.cli:log_",
    "pages": "portal.pages.cli:group",
    "places": "portal.consignments.cli:places",
    "restore": "portal.live.cli:restore",
    "staff": "portal.accounts.cli:staff",
    "warehouse": "portal.warehousing.sites.cli:group",
}


def init_app(app: Flask) -> None:
    """Offer the commands; blueprints may add theirs afterwards."""
    app.cli = LaterCommands(app.name, COMMANDS)
