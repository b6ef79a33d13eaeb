"""Commands about places."""

import click
from flask.cli import AppGroup

from portal.places import loading

places = AppGroup("places", help="Where addresses are.")


@places.command("load")
def load() -> None:
    """Make the gazetteer from the packages that hold its data."""
    try:
        count = loading.load()
    except loading.Missing as fault:
        raise click.ClickException(str(fault)) from None
    click.echo(f"{count} places.")
