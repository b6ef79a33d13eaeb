"""How rounds move when two companies turn out to be one."""

from portal.accounts import merging
from portal.accounts.merging import Rows
from portal.club.games.models import GameBest, GameRound
from portal.core.i18n import lazy as _l


def join() -> None:
    """Let rounds and boards move."""
    merging.provide_rows(Rows(GameRound.__table__), label=_l("Rounds of games"))
    merging.provide_rows(Rows(GameBest.__table__), label=_l("Places on the boards of games"))
