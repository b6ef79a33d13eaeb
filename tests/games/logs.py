"""Logs of the games: honest ones, and ones that somebody made up."""

from random import Random
from typing import Any

from portal.club.games.rules import route_levels, sort_levels, truck_levels
from portal.club.games.rules.chance import Chance
from portal.club.games.rules.games import GAMES

Log = list[list[int]]


def honest(game: str, seed: int, variant: int = 0) -> Log:
    """Return a log as somebody plays it; each ``variant`` is another one."""
    pause = 2000 + variant
    if game == "truck":
        return truck_levels.log_of(truck_levels.our_way(seed)[1], pause)
    if game == "route":
        return route_levels.log_of(route_levels.best_of(route_levels.level(seed)), pause)
    return sort_levels.log_of(sort_levels.level(seed), Chance(variant))


def level(game: str, seed: int) -> dict[str, Any]:
    """Return a level."""
    return GAMES[game].level(seed)


def random_log(game: str, seed: int, rng: Random) -> Log:
    """Return a log that is often, but not always, one of a hand."""
    made = {"truck": _truck, "route": _route, "sort": _sort}[game](seed, rng)
    if rng.random() < 0.3:
        made = _spoilt(made, rng)
    return made


def _times(count: int, rng: Random) -> list[int]:
    return sorted(rng.sample(range(500, 500 + count * 4000), count))


def _truck(seed: int, rng: Random) -> Log:
    made = level("truck", seed)
    number = len(made["cartons"])
    way = list(truck_levels.our_way(seed)[1])
    for place in range(len(way)):
        if rng.random() < 0.08:
            length, width, _ = made["box"]
            where = (rng.randrange(length), rng.randrange(width), rng.randrange(6))
            way[place] = (rng.randrange(number), *where)
    way = way[: rng.randrange(1, len(way) + 1)]
    log = [[0, *step] for step in way]
    if rng.random() < 0.5:
        log += [[0, step[0]] for step in reversed(way[-rng.randrange(1, 4) :])]
    return [[at, *move[1:]] for at, move in zip(_times(len(log), rng), log, strict=True)]


def _route(seed: int, rng: Random) -> Log:
    count = len(level("route", seed)["stops"])
    log = [[0, stop, place] for place, stop in enumerate(rng.sample(range(count), count))]
    for _ in range(rng.randrange(6)):
        log.append([0, rng.randrange(count), rng.randrange(count)])
    if rng.random() < 0.2:
        log.append([0, rng.randrange(count), -1])
    return [[at, *move[1:]] for at, move in zip(_times(len(log), rng), log, strict=True)]


def _sort(seed: int, rng: Random) -> Log:
    log = sort_levels.log_of(level("sort", seed), Chance(rng.randrange(10_000)), rng.randrange(60))
    log = [move for move in log if rng.random() < 0.95]
    for _ in range(rng.randrange(3)):  # a pause shifts all that comes after it
        at = rng.randrange(len(log))
        length = rng.randrange(50, 20_000)
        begin = log[at][0]
        after = [[move[0] + length, move[1]] for move in log[at:]]
        log = [*log[:at], [begin, 0], [begin + length, 0], *after]
    return log


def _spoilt(log: Log, rng: Random) -> Log:
    """Return a log with something in it that no hand does."""
    log = [list(move) for move in log]
    at = rng.randrange(len(log))
    kind = rng.randrange(4)
    if kind == 0:
        log[at][0] = rng.randrange(100_000)
    elif kind == 1:
        log.insert(at, list(log[at]))
    elif kind == 2:
        log[at][1] = rng.randrange(-2, 30)
    else:
        log[at] = [*log[at][: rng.randrange(1, len(log[at]) + 1)], 1]
    return log
