"""Route the van: in which order its stops are served, and what a tour costs.

Ways are metres, times whole seconds of the day. A van that comes early waits; every minute late
costs as much as LATE_M metres. ``game-route-rules.mjs`` mirrors this file; tests hold them equal.

A move is ``[ms, stop, place]``: the stop comes to that place of the tour (0: the first), out of
the one that it had; place -1 takes it out.
"""

from collections.abc import Sequence
from typing import Any

from portal.club.games.rules.moves import Forged, Move, check_clock, check_hand

GAP = 80  # ms between two moves of a hand
LATE_M = 100  # metres that a minute late counts as
SECONDS_PER_100_M = 12  # 30 km/h
FULL, MOST = 1000, 1500  # points of a tour as good as ours, and at the most


def tour_of(stops: int, moves: Sequence[Move]) -> list[int]:
    """Return the tour that a log leaves. Raises Forged (shape, impossible)."""
    tour: list[int] = []
    for move in moves:
        if len(move) != 3:
            raise Forged("shape")
        _, stop, place = move
        _move(tour, stops, stop, place)
    return tour


def _move(tour: list[int], stops: int, stop: int, place: int) -> None:
    if not 0 <= stop < stops or (place < 0 and (place != -1 or stop not in tour)):
        raise Forged("impossible")
    if stop in tour:
        tour.remove(stop)
    if place > len(tour):
        raise Forged("impossible")
    if place >= 0:
        tour.insert(place, stop)


def drive(level: dict[str, Any], tour: Sequence[int]) -> dict[str, Any]:
    """Return how a tour goes: ``metres``, ``late`` s, ``end`` s, ``cost`` m, ``arrivals``.

    Arrivals are (second of the day at which the van comes, seconds late), in the order of the
    tour. The way back to the centre counts.
    """
    ways, stops = level["metres"], level["stops"]
    metres, late, here, at = 0, 0, 0, level["start"]
    arrivals = []
    for stop in tour:
        way = ways[here][stop + 1]
        metres, at, here = metres + way, at + way * SECONDS_PER_100_M // 100, stop + 1
        over = max(0, at - stops[stop]["to"])
        late += over
        arrivals.append((at, over))
        at = max(at, stops[stop]["from"]) + level["service"]
    metres += ways[here][0]
    at += ways[here][0] * SECONDS_PER_100_M // 100
    cost = metres + late * LATE_M // 60
    return {"metres": metres, "late": late, "end": at, "cost": cost, "arrivals": arrivals}


def points(cost: int, reference: int) -> int:
    """Return the score of a tour, measured by what ours costs."""
    return min(MOST, FULL * reference // max(1, cost))


def play(level: dict[str, Any], moves: list[Move]) -> tuple[int, dict[str, int]]:
    """Return (score, what it is made of) of a log. Raises Forged."""
    check_clock(moves)
    check_hand((move[0] for move in moves), GAP)
    tour = tour_of(len(level["stops"]), moves)
    if len(tour) != len(level["stops"]):
        raise Forged("unfinished")
    found = drive(level, tour)
    parts = {name: found[name] for name in ("metres", "late", "end", "cost")}
    return points(found["cost"], level["reference"]), {**parts, "reference": level["reference"]}
