"""Commands of the demo centre: ``flask --app wsgi demo …``."""

import time
from datetime import UTC, datetime
from random import Random

import click
from flask.cli import AppGroup

from portal.consignments.service.orders import Created
from portal.core import clock
from portal.core.errors import PortalError
from portal.demo import warehouse_day
from portal.demo.drive import drive
from portal.demo.load import load

demo = AppGroup("demo", help="A centre to look at: invented companies, real cities.")
MOST = 1_000_000


@demo.command("load")
@click.option("--consignments", default=400, type=click.IntRange(1, MOST), show_default=True)
@click.option("--seed", default=7, show_default=True, help="The same seed gives the same centre.")
@click.option(
    "--now", "now_text", default=None, help="ISO 8601; the instant to tell the story up to."
)
def load_command(consignments: int, seed: int, now_text: str | None) -> None:
    """Fill an empty instance with the demo centre."""
    now = _instant(now_text) if now_text else clock.now()
    began = time.monotonic()
    try:
        with click.progressbar(length=consignments, label="Demo centre") as bar:
            load(consignments, seed=seed, now=now, progress=bar.update)
    except PortalError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{consignments} consignments in {time.monotonic() - began:.1f} s.")


@demo.command("drive")
@click.option("--every", default=4.0, show_default=True, help="Seconds between two happenings.")
@click.option("--for", "for_s", default=None, type=float, help="Seconds; default: until Ctrl-C.")
@click.option("--day", is_flag=True, help="First run a whole day of the warehouse through.")
def drive_command(every: float, for_s: float | None, day: bool) -> None:
    """Move the demo centre on by itself, so that a visitor sees life."""
    rng = Random()  # noqa: S311 - what happens next need not be secret
    try:
        for done in warehouse_day.run(rng) if day else ():
            click.echo(f"{clock.now():%H:%M:%S} {done.status}")
        for happened in drive(rng, every_s=max(every, 0.05), for_s=for_s):
            status = f"new {happened.no}" if isinstance(happened, Created) else happened.status
            click.echo(f"{clock.now():%H:%M:%S} {status}")
    except KeyboardInterrupt:
        click.echo("Stopped.")
    except PortalError as error:
        raise click.ClickException(str(error)) from error


def _instant(text: str) -> datetime:
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter("Give an instant such as 2026-03-02T09:00+08:00.") from None
    zoned = given if given.tzinfo else given.replace(tzinfo=clock.zone())
    return zoned.astimezone(UTC)
