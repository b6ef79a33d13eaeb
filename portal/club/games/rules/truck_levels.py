"""Trucks and what is to go into them: levels, and how we would load them ourselves."""

from functools import lru_cache
from typing import Any

from portal.club.games.rules.chance import Chance
from portal.club.games.rules.moves import Move
from portal.club.games.rules.truck import GAP, Load, Placed

#: Box (length, width, height in dm), payload in kg, axles as (place in dm, most kg of the load).
TRUCKS: tuple[dict[str, Any], ...] = (
    {"truck": "4.2", "box": [42, 21, 22], "payload": 1490, "front": [-8, 560], "rear": [26, 1180]},
    {"truck": "5.2", "box": [52, 23, 23], "payload": 2200, "front": [-9, 760], "rear": [33, 1500]},
)
#: Kind → edges in dm, least and most kg, kg that it bears on top, whether it must stand upright.
KINDS: dict[str, tuple[tuple[int, int, int], tuple[int, int], int, bool]] = {
    "pallet": ((12, 8, 14), (110, 190), 150, True),
    "pallet_low": ((12, 10, 9), (140, 220), 400, True),
    "crate": ((10, 8, 8), (60, 110), 350, False),
    "carton": ((8, 6, 6), (12, 24), 60, False),
    "carton_large": ((12, 8, 8), (25, 45), 80, False),
    "fridge": ((7, 7, 18), (75, 95), 0, True),
    "washer": ((6, 6, 9), (60, 75), 75, True),
    "sofa": ((20, 9, 8), (45, 60), 0, True),
    "drum": ((6, 6, 9), (160, 200), 220, True),
    "glass": ((8, 5, 6), (18, 28), 0, True),
    "roll": ((24, 4, 4), (28, 40), 40, False),
}
_FIRST = ("pallet", "pallet_low", "drum", "fridge", "sofa", "washer", "glass")
_MORE = ("pallet", "carton_large", "carton", "crate", "carton", "carton_large", "washer", "roll")
FILLED = 70  # per cent of the box that the cartons would fill
STOPS, MOST = 3, 24  # stops; cartons, so that a round takes minutes


@lru_cache(maxsize=64)
def level(seed: int) -> dict[str, Any]:
    """Return the level that a seed makes."""
    chance = Chance(seed)
    truck = chance.pick(TRUCKS)
    length, width, height = truck["box"]
    left = length * width * height * FILLED // 100
    payload = truck["payload"] * 95 // 100
    cartons: list[dict[str, Any]] = []
    for kind in [*_FIRST, *(chance.pick(_MORE) for _ in range(40))]:
        carton = _carton(kind, chance)
        volume = carton["l"] * carton["w"] * carton["h"]
        if len(cartons) < MOST and volume <= left and carton["kg"] <= payload:
            cartons.append(carton)
            left, payload = left - volume, payload - carton["kg"]
    return {
        "game": "truck",
        **truck,
        "stops": STOPS,
        "gap": GAP,
        "cartons": sorted(cartons, key=lambda each: -int(each["stop"])),
    }


def _carton(kind: str, chance: Chance) -> dict[str, Any]:
    (length, width, height), (least, most), bears, upright = KINDS[kind]
    return {
        "kind": kind,
        "l": length,
        "w": width,
        "h": height,
        "kg": chance.between(least, most),
        "bears": bears,
        "upright": upright,
        "stop": chance.between(1, STOPS),
    }


@lru_cache(maxsize=64)
def our_way(seed: int) -> tuple[int, tuple[tuple[int, int, int, int], ...]]:
    """Return (score, (carton, x, y, turn) in the order of loading) of our own simple way.

    The last stop goes in first, of each stop what is heavy and bears; every carton goes as far to
    the front, as low and as far to the left as it can. What spoils the score stays outside.
    """
    load, done = Load(level(seed)), []
    for item in _in_order(load.level["cartons"]):
        place = _best_place(load, item)
        if place is None:
            continue
        before = load.score()
        load.put(item, *place)
        if load.score() < before:
            load.take(item)
        else:
            done.append((item, *place))
    return load.score(), tuple(done)


def _in_order(cartons: list[dict[str, Any]]) -> list[int]:
    def rank(item: int) -> tuple[int, int, int]:
        carton = cartons[item]
        volume = carton["l"] * carton["w"] * carton["h"]
        return -carton["stop"], -carton["bears"], -volume

    return sorted(range(len(cartons)), key=rank)


def _best_place(load: Load, item: int) -> tuple[int, int, int] | None:
    carton = load.level["cartons"][item]
    there = load.placed.values()
    along = sorted({0, *(each.x + each.l for each in there)})
    left = sorted({0, *(each.y + each.w for each in there)})
    best: tuple[tuple[int, int, int], tuple[int, int, int]] | None = None
    for turn in range(2 if carton["upright"] else 6):
        flat = load.at(item, 0, 0, turn)
        across = {*left, load.level["box"][1] - flat.w}
        for x in along:
            if best is not None and x + flat.l > best[0][0]:
                break  # nothing further back comes before what was found
            for y in across:
                rank = _rank(load.at(item, x, y, turn))
                if (best is None or rank < best[0]) and load.fault(item, x, y, turn) is None:
                    best = rank, (x, y, turn)
    return best[1] if best else None


def _rank(placed: Placed) -> tuple[int, int, int]:
    return placed.x + placed.l, placed.z, placed.y


def log_of(way: tuple[tuple[int, int, int, int], ...], pause_ms: int = 4000) -> list[Move]:
    """Return a log that puts cartons in as ``our_way`` says, one every ``pause_ms``."""
    return [[pause_ms * number, *step] for number, step in enumerate(way, 1)]
