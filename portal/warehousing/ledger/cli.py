"""Commands about the stock ledger: its proof, and the days that are to be closed."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice

import click
from flask.cli import AppGroup
from sqlalchemy import Connection

from portal.core.db import db, is_sqlite
from portal.warehousing.ledger.queries import verifying
from portal.warehousing.ledger.service import snapshots

group = AppGroup("ledger", help="The stock ledger.")
SHOWN = 100  # differences


@group.command("verify")
def verify() -> None:
    """Make balances, totals, promises and snapshots anew from the entries; name what differs.

    Ends with status 1 if something does. Nothing is changed: what is wrong is put right by
    counter-entries, once it is known how it came about.
    """
    with _snapshot() as on:
        found = verifying.differences(on)
        shown = list(islice(found, SHOWN))
        rest = sum(1 for _ in found)
    for each in shown:
        click.echo(each)
    if rest:
        click.echo(f"… and {rest} more")
    if shown:
        raise click.ClickException(f"{len(shown) + rest} differences.")
    click.echo("The ledger is right.")


@group.command("close")
def close() -> None:
    """Take the snapshots of the days that have ended; the housekeeping worker does the same."""
    made = 0
    while more := snapshots.run():
        made += more
    click.echo(f"{made} snapshots.")


@contextmanager
def _snapshot() -> Iterator[Connection]:
    """Give a connection that sees one moment of the database, whoever writes meanwhile."""
    with db.engine.connect() as connection:
        if not is_sqlite(connection):
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection
