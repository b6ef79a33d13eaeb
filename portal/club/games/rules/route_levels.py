"""Towns with stops: levels, and the tour that we would drive ourselves.

Our tour is the nearest neighbour next, then 2-opt and moving single stops while that helps: the
floor that any planner should reach, and a person who looks may well beat.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from portal.club.games.rules.chance import Chance
from portal.club.games.rules.moves import Move
from portal.club.games.rules.route import GAP, drive

WIDTH, HEIGHT, BLOCK_M = 16, 12, 250  # blocks of the town; metres from corner to corner
STOPS, START, SERVICE_S = 12, 8 * 3600, 300
WINDOWED = 7  # stops that are open only for a while
DAY_END = 20 * 3600
Point = tuple[int, int]


@lru_cache(maxsize=64)
def level(seed: int) -> dict[str, Any]:
    """Return the level that a seed makes."""
    chance = Chance(seed)
    river = chance.between(6, 10)
    bridges = sorted([chance.between(1, 4), chance.between(7, 10)])
    corners = [(x, y) for x in range(WIDTH + 1) for y in range(HEIGHT + 1)]
    depot, *points = chance.shuffled(corners)[: STOPS + 1]
    ways = [[_metres(a, b, river, bridges) for b in (depot, *points)] for a in (depot, *points)]
    made = {
        "game": "route",
        "size": [WIDTH, HEIGHT],
        "block": BLOCK_M,
        "river": river,
        "bridges": bridges,
        "depot": list(depot),
        "start": START,
        "service": SERVICE_S,
        "gap": GAP,
        "metres": ways,
        "stops": [{"x": x, "y": y, "from": START, "to": DAY_END} for x, y in points],
    }
    _open_for_a_while(made, chance)
    made["reference"] = drive(made, best_of(made))["cost"]
    return made


def _metres(a: Point, b: Point, river: int, bridges: list[int]) -> int:
    """Return the way along the streets; the river (between x and x + 1) has its bridges only."""
    across = abs(a[0] - b[0])
    if (a[0] <= river) == (b[0] <= river):
        return (across + abs(a[1] - b[1])) * BLOCK_M
    return (across + min(abs(a[1] - y) + abs(b[1] - y) for y in bridges)) * BLOCK_M


def _open_for_a_while(made: dict[str, Any], chance: Chance) -> None:
    """Give some stops hours within which some tour, not the shortest one, is on time."""
    tour = best_of(made)
    for _ in range(3):
        one, other = chance.below(STOPS), chance.below(STOPS)
        tour[one], tour[other] = tour[other], tour[one]
    arrivals = drive(made, tour)["arrivals"]
    for place in chance.shuffled(range(STOPS))[:WINDOWED]:
        at = arrivals[place][0]
        opens = at - chance.between(5, 25) * 60
        stop = made["stops"][tour[place]]
        stop["from"] = max(START, opens // 300 * 300)
        stop["to"] = (at + chance.between(5, 20) * 60) // 300 * 300 + 300


def best_of(made: dict[str, Any]) -> list[int]:
    """Return our tour of a level."""
    tour = _nearest(made)
    cost = drive(made, tour)["cost"]
    better = True
    while better:
        better = False
        for other in _neighbours(tour):
            found = drive(made, other)["cost"]
            if found < cost:
                tour, cost, better = other, found, True
                break
    return tour


def _nearest(made: dict[str, Any]) -> list[int]:
    left, tour, here = list(range(len(made["stops"]))), [], 0
    while left:
        nearest = min(left, key=lambda stop: made["metres"][here][stop + 1])
        left.remove(nearest)
        tour.append(nearest)
        here = nearest + 1
    return tour


def _neighbours(tour: list[int]) -> Iterator[list[int]]:
    """Return tours that are like this one: a part turned round, or one stop elsewhere."""
    for first in range(len(tour) - 1):
        for last in range(first + 1, len(tour)):
            yield [*tour[:first], *tour[first : last + 1][::-1], *tour[last + 1 :]]
    for place in range(len(tour)):
        rest = [*tour[:place], *tour[place + 1 :]]
        for to in range(len(tour)):
            yield [*rest[:to], tour[place], *rest[to:]]


def log_of(tour: list[int], pause_ms: int = 3000) -> list[Move]:
    """Return a log that drives a tour, one stop every ``pause_ms``."""
    return [[pause_ms * (place + 1), stop, place] for place, stop in enumerate(tour)]
