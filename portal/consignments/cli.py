"""Commands about consignments: the counters of figures, and places looked for afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice

import click
from flask.cli import AppGroup
from sqlalchemy import Connection

from portal.consignments import jobs
from portal.consignments.service import recount
from portal.core.db import db, is_sqlite, transaction
from portal.places.cli import places

group = AppGroup("figures", help="The counters behind the figures.")
GROUPS = (group, places)
SHOWN = 100  # differences


@group.command("verify")
@click.option("--repair", is_flag=True, help="Put right what differs; changes wait meanwhile.")
def verify(*, repair: bool) -> None:
    """Count consignments and incidents anew and name what the counters have otherwise.

    Ends with status 1 if something differs and was not put right.
    """
    if repair:
        with transaction():
            found = recount.repair(db.session.connection())
    else:
        with _snapshot() as on:
            found = list(recount.differences(on))
    for each in islice(found, SHOWN):
        click.echo(str(each))
    if len(found) > SHOWN:
        click.echo(f"… and {len(found) - SHOWN} more")
    if found and not repair:
        raise click.ClickException(f"{len(found)} differences. Put them right with --repair.")
    click.echo(f"{len(found)} differences put right." if found else "The counters are right.")


@contextmanager
def _snapshot() -> Iterator[Connection]:
    """Give a connection that sees one moment of the database, whoever writes meanwhile."""
    with db.engine.connect() as connection:
        if not is_sqlite(connection):
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


@places.command("locate")
def locate() -> None:
    """Look for the places of consignments that were ordered before there was a gazetteer."""
    click.echo(f"{jobs.locate_all()} consignments.")
