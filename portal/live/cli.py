"""Commands that keep the centre safe: a copy of its database, the way back, the log's proof."""

import re
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from portal.core import backup as copies
from portal.core.db import transaction
from portal.live import log
from portal.live.verification import Outcome, sentence, verify

TOLD_EVERY = 100_000  # events
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


class Noted(click.ParamType):
    """A position of the log and the hash that somebody has noted of it."""

    name = "POSITION:HASH"

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[int, str]:
        """Return position and hash; refuse what is not such a pair."""
        found = re.fullmatch(r"(\d{1,18}):([0-9a-fA-F]{64})", str(value))
        if found is None:
            self.fail("Write it as the command prints it: position, colon, 64 digits.", param, ctx)
        return int(found[1]), found[2].lower()


@click.group("log")
def log_() -> None:
    """The log of events and its hash chain."""


@log_.command("verify")
@click.option("--from", "start", type=click.IntRange(1), default=1, help="First position.")
@click.option("--expect", type=Noted(), help="What was printed, and noted elsewhere, earlier.")
@with_appcontext
def verify_log(start: int, expect: tuple[int, str] | None) -> None:
    """Find the first place where the log, or what people see of it, was altered.

    Ends with 1 if there is one. Note the head that is printed where nobody who can change the
    database can change it, and give it back to --expect later.
    """
    outcome = verify(start, expect=expect, progress=_tell)
    if outcome.broken is not None:
        raise click.ClickException(f"Altered. {sentence(outcome.broken)}")
    click.echo(_found_sound(start, outcome))


def _tell(done: int) -> None:
    if done % TOLD_EVERY == 0:
        click.echo(f"{done:,} events …", err=True)


def _found_sound(start: int, outcome: Outcome) -> str:
    head = outcome.head
    if not head.position:
        return "The log is empty."
    return (
        f"{outcome.events:,} events from position {start} on: nothing was altered.\n"
        f"Head: {head.position}:{head.hash} (epoch {head.epoch})"
    )


COMMANDS = (backup, restore, log_)
