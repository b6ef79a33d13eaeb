"""Commands of the club: ``flask --app wsgi club …``."""

import click
from flask.cli import AppGroup
from sqlalchemy import select

from portal.club.daily.models import Raffle, RaffleTicket, RaffleWin
from portal.club.daily.rules import raffles as rules
from portal.club.daily.starter import loading
from portal.core import clock
from portal.core.db import db, write

group = AppGroup("club", help="The members’ club.")
raffle = AppGroup("raffle", help="Raffles, drawn again.")
group.add_command(raffle)
_R, _T, _W = Raffle.__table__, RaffleTicket.__table__, RaffleWin.__table__


@group.command("starter")
def starter() -> None:
    """Bring the questions that a centre begins with; what is there stays."""
    made = write(lambda on: loading.load(clock.now(), on=on))
    click.echo(f"{made} questions.")


@raffle.command("verify")
@click.argument("ref")
def verify(ref: str) -> None:
    """Draw the raffle REF again from what is published; fail where it comes out otherwise."""
    row = db.session.execute(select(_R).where(_R.c.ref == ref)).first()
    if row is None or row.state != "drawn":
        raise click.ClickException(f"{ref} is no raffle that was drawn.")
    tickets = select(_T.c.pseudonym).where(_T.c.raffle_id == row.id).order_by(_T.c.number)
    holders = list(db.session.scalars(tickets))
    kept = select(_W.c.number, _W.c.counter).where(_W.c.raffle_id == row.id).order_by(_W.c.place)
    won = [rules.Draw(*each) for each in db.session.execute(kept)]
    is_true = (
        _is("commitment", rules.commitment_of(row.revealed_seed), row.commitment),
        _is("digest", rules.digest_of(holders), row.digest),
        _is("winners", rules.drawn(row.revealed_seed, holders, row.places), won),
    )
    if not all(is_true):
        raise click.ClickException(f"{ref} does not come out as it was drawn.")


def _is(what: str, found: object, kept: object) -> bool:
    click.echo(f"{what}: {'right' if found == kept else 'WRONG'}")
    return found == kept
