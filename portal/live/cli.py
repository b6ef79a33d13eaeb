"""Commands that keep the centre safe: a copy of its database, and the way back."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from portal.core import backup as copies
from portal.core.db import transaction
from portal.live import log

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("backup")
@click.argument("file", type=FILE)
@with_appcontext
def backup(file: Path) -> None:
    """Copy the database to FILE while the portal runs (SQLite)."""
    try:
        size = copies.copy_to(file)
    except (copies.BadCopy, OSError) as fault:
        raise click.ClickException(str(fault)) from fault
    click.echo(f"{file}: {size:,} bytes. Keep a copy of the folder of FILES_URL with it.")


@click.command("restore")
@click.argument("file", type=FILE)
@click.confirmation_option(prompt="Everything that is in the database now is lost. Go on?")
@with_appcontext
def restore(file: Path) -> None:
    """Put the copy in FILE in place of the database; stop the portal first (SQLite).

    Who followed the live stream before is told to read anew.
    """
    try:
        copies.copy_from(file)
    except copies.BadCopy as fault:
        raise click.ClickException(str(fault)) from fault
    with transaction():
        log.begin_epoch()
    click.echo("Restored. Now: flask --app wsgi db upgrade")


COMMANDS = (backup, restore)
