"""Commands of pages: ``flask --app wsgi pages …``."""

import click
from flask.cli import AppGroup

from portal.core import clock
from portal.core.db import transaction
from portal.pages.service import lifecycle
from portal.pages.starter.loading import load

group = AppGroup("pages", help="What visitors read: the content to begin with, the schedule.")


@group.command("starter")
@click.option(
    "--with-examples",
    is_flag=True,
    help="Publish the invented people, years and news too; otherwise they wait as drafts.",
)
def starter(with_examples: bool) -> None:
    """Write the pages a centre begins with, in three languages; what is there stays."""
    with transaction():
        made = load(clock.now(), with_examples=with_examples)
    click.echo(f"{made} pages written.")


@group.command("due")
def due() -> None:
    """Publish what is due and archive notices that are over, as the worker does."""
    click.echo(f"{lifecycle.run_due()} pages changed.")
