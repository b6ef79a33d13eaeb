"""The three games, and what holds for all of them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from portal.club.games.rules import route, route_levels, sort, sort_levels, truck, truck_levels
from portal.club.games.rules.chance import seed_of
from portal.club.games.rules.moves import Forged, Move, moves_of
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l

#: A round is handed in within this time after it was begun.
EXPIRES = timedelta(hours=2)
#: Clocks of browsers and the way to us may differ by so much.
SLACK = timedelta(seconds=3)
A_DAY = 5  # rounds that count, of each game, begun on one day of the centre
PRACTICE = 40  # levels to practise on
#: Points of the first places of a week, where at least LEAST people played.
PRIZES, LEAST = (15, 10, 5), 5
TEAM = 3  # the best people of a company that its result adds up


class Game(NamedTuple):
    """What a game is made of."""

    label: Any
    level: Callable[[int], dict[str, Any]]
    play: Callable[[dict[str, Any], list[Move]], tuple[int, dict[str, int]]]


GAMES = {
    "truck": Game(_l("Load the truck"), truck_levels.level, truck.play),
    "route": Game(_l("Route the van"), route_levels.level, route.play),
    "sort": Game(_l("Sort the parcels"), sort_levels.level, sort.play),
}


def get_game(name: str) -> Game:
    """Return a game. Raises NotFound."""
    if name not in GAMES:
        raise NotFound(_l("There is no such game."))
    return GAMES[name]


def week_seed(secret: str, game: str, week: str) -> int:
    """Return the seed of a week’s level; without ``secret`` nobody knows it before."""
    return seed_of(secret, "week", game, week)


def practice_seed(game: str, number: int) -> int:
    """Return the seed of a practice level."""
    return seed_of("practice", game, str(number))


def check(game: str, seed: int, raw: Any, elapsed: timedelta) -> tuple[int, dict[str, int]]:
    """Return (score, what it is made of) of a log of a round that was begun ``elapsed`` ago.

    Raises Forged.
    """
    moves = moves_of(raw)
    if timedelta(milliseconds=moves[-1][0]) > elapsed + SLACK:
        raise Forged("early")
    return GAMES[game].play(GAMES[game].level(seed), moves)
