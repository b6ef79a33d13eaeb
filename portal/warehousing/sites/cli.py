"""Commands of warehouses: ``flask --app wsgi warehouse …``."""

import click
from flask.cli import AppGroup

from portal.core.db import db, transaction
from portal.core.errors import PortalError
from portal.warehousing.sites import starter
from portal.warehousing.sites.rules import as_code, is_code

group = AppGroup("warehouse", help="Warehouses, their zones and racks.")


@group.command("starter")
@click.argument("code")
@click.option("--name", required=True, help="What it is called.")
@click.option("--phone", required=True, help="Its phone, such as +8657155500100.")
@click.option("--address", required=True, help="Street and number.")
@click.option("--city", required=True)
@click.option("--country", default="CN", show_default=True, help="Two letters.")
@click.option("--postcode", default="")
@click.option("--cut-off", default="15:00", show_default=True, help="Local time of the centre.")
@click.option(
    "--layout", type=click.Choice(sorted(starter.LAYOUTS)), default="main", show_default=True
)
def starter_command(
    code: str, *, name: str, layout: str, cut_off: str, postcode: str, **party: str
) -> None:
    """Make the warehouse CODE with zones, racks, lanes and docks to begin with.

    Everything of it can be changed at the desk afterwards; locations that are not needed are put
    out of use there.
    """
    code = as_code(code)
    if not is_code(code) or len(code) > 6:
        raise click.ClickException("A code has 1 to 6 capital letters and digits, such as HZ1.")
    values = {
        "code": code,
        "names": {"zh-Hans": name},
        "party": {"name": name, **party} | ({"postcode": postcode} if postcode else {}),
        "cut_off": cut_off,
    }
    try:
        with transaction():
            starter.make(values, starter.LAYOUTS[layout], by=None, on=db.session.connection())
    except PortalError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"{code}: {starter.count(starter.LAYOUTS[layout])} locations.")
