"""Load the truck: what may stand where, and what a loaded truck is worth.

Lengths are decimetres, weights kilograms. x runs from the front wall (0) to the doors, y from the
left wall, z from the floor. Cartons are pushed in from the doors and stand on whatever is below.
``game-truck-rules.mjs`` mirrors this file; tests hold the two equal.

A move is ``[ms, carton, x, y, turn]``, or ``[ms, carton]`` to take it out again.
"""

from dataclasses import dataclass, field
from typing import Any

from portal.club.games.rules.moves import Forged, Move, check_clock, check_hand

GAP = 150  # ms between two moves of a hand
#: A carton must rest on this share of its base: SUPPORT / 100.
SUPPORT = 75
ALL_IN, REHANDLED, AXLE_OVER, TO_ONE_SIDE = 100, 25, 120, 60  # points
SIDE_FREE = 10  # cm that the middle of the load may be off the middle of the truck
#: How the edges lie (length, width, height → along x, y, z); upright cartons take the first two.
TURNS = ((0, 1, 2), (1, 0, 2), (0, 2, 1), (2, 0, 1), (1, 2, 0), (2, 1, 0))


@dataclass(frozen=True)
class Placed:
    """A carton that stands in the truck: its corner and its edges."""

    item: int
    x: int
    y: int
    z: int
    l: int  # noqa: E741 - as on every label: length, width, height
    w: int
    h: int

    def covers(self, other: "Placed") -> int:
        """Return the area that the two share as seen from above."""
        along = min(self.x + self.l, other.x + other.l) - max(self.x, other.x)
        across = min(self.y + self.w, other.y + other.w) - max(self.y, other.y)
        return along * across if along > 0 and across > 0 else 0

    def is_above(self, other: "Placed") -> bool:
        """Return whether this stands above some of the other, on it or higher."""
        return self.z >= other.z + other.h and self.covers(other) > 0

    def is_in_the_way_of(self, other: "Placed") -> bool:
        """Return whether this stands between the other and the doors."""
        behind = self.x >= other.x + other.l
        across = self.y < other.y + other.w and other.y < self.y + self.w
        return behind and across and self.z < other.z + other.h and other.z < self.z + self.h


@dataclass
class Load:
    """A truck that is being loaded."""

    level: dict[str, Any]
    placed: dict[int, Placed] = field(default_factory=dict)

    def at(self, item: int, x: int, y: int, turn: int) -> Placed:
        """Return how a carton would stand; the height follows from what is below."""
        carton = self.level["cartons"][item]
        edges = (carton["l"], carton["w"], carton["h"])
        length, width, height = (edges[each] for each in TURNS[turn])
        flat = Placed(item, x, y, 0, length, width, height)
        tops = [each.z + each.h for each in self.placed.values() if each.covers(flat)]
        return Placed(item, x, y, max(tops, default=0), length, width, height)

    def fault(self, item: int, x: int, y: int, turn: int) -> str | None:
        """Return why a carton cannot be put there; None: it can.

        known, turn, walls, roof, hangs, crushes, way, payload
        """
        if not 0 <= item < len(self.level["cartons"]) or item in self.placed:
            return "known"
        if not 0 <= turn < (2 if self.level["cartons"][item]["upright"] else len(TURNS)):
            return "turn"
        new = self.at(item, x, y, turn)
        length, width, height = self.level["box"]
        if x < 0 or y < 0 or x + new.l > length or y + new.w > width:
            return "walls"
        if new.z + new.h > height:
            return "roof"
        return self._fault_of(new)

    def _fault_of(self, new: Placed) -> str | None:
        there = self.placed.values()
        if new.z > 0:
            resting = sum(new.covers(each) for each in there if each.z + each.h == new.z)
            if resting * 100 < new.l * new.w * SUPPORT:
                return "hangs"
        if any(self._crushes(new, each) for each in there):
            return "crushes"
        if any(each.is_in_the_way_of(new) for each in there):
            return "way"
        if self.weight() + self._kg(new.item) > self.level["payload"]:
            return "payload"
        return None

    def _crushes(self, new: Placed, below: Placed) -> bool:
        """Return whether what stands above ``below``, even in part, would be too heavy for it."""
        if not new.is_above(below):
            return False
        above = [each.item for each in self.placed.values() if each.is_above(below)]
        carried = sum(map(self._kg, [*above, new.item]))
        return bool(carried > self.level["cartons"][below.item]["bears"])

    def put(self, item: int, x: int, y: int, turn: int) -> None:
        """Put a carton in. Raises Forged (impossible)."""
        if self.fault(item, x, y, turn) is not None:
            raise Forged("impossible")
        self.placed[item] = self.at(item, x, y, turn)

    def holds(self, item: int) -> str | None:
        """Return why a carton cannot be taken out; None: it can. known, above, way"""
        mine = self.placed.get(item)
        if mine is None:
            return "known"
        if any(each.is_above(mine) for each in self.placed.values()):
            return "above"
        if any(each.is_in_the_way_of(mine) for each in self.placed.values()):
            return "way"
        return None

    def take(self, item: int) -> None:
        """Take a carton out. Raises Forged (impossible)."""
        if self.holds(item) is not None:
            raise Forged("impossible")
        del self.placed[item]

    def weight(self) -> int:
        """Return what the load weighs."""
        return sum(map(self._kg, self.placed))

    def _kg(self, item: int) -> int:
        return int(self.level["cartons"][item]["kg"])

    def rehandled(self) -> int:
        """Return how many cartons must be moved at stops that are not theirs, over all stops."""
        return sum(len(self._moved_at(stop)) for stop in range(1, self.level["stops"] + 1))

    def _moved_at(self, stop: int) -> set[int]:
        """Return the cartons of later stops that must get out of the way of those of this one."""
        here = {each.item: each for each in self.placed.values() if self._stop(each.item) >= stop}
        wanted = [each for each in here.values() if self._stop(each.item) == stop]
        moved: set[int] = set()
        while wanted:
            target = wanted.pop()
            for each in here.values():
                later = self._stop(each.item) > stop and each.item not in moved
                if later and (each.is_above(target) or each.is_in_the_way_of(target)):
                    moved.add(each.item)
                    wanted.append(each)
        return moved

    def _stop(self, item: int) -> int:
        return int(self.level["cartons"][item]["stop"])

    def parts(self) -> dict[str, int]:
        """Return what the score is made of.

        ``volume`` per mille of the cartons’ volume, ``rear`` and ``front`` kg on the axles,
        ``side`` cm from the middle.
        """
        cartons, level = self.level["cartons"], self.level
        volume = sum(each.l * each.w * each.h for each in self.placed.values())
        whole = sum(each["l"] * each["w"] * each["h"] for each in cartons)
        weight = self.weight()
        rear, side = 0, 0
        if weight:
            front_at, rear_at = level["front"][0], level["rear"][0]
            turning = sum(
                self._kg(each.item) * (2 * (each.x - front_at) + each.l)
                for each in self.placed.values()
            )
            rear = turning // (2 * (rear_at - front_at))
            across = sum(
                self._kg(each.item) * (2 * each.y + each.w) for each in self.placed.values()
            )
            side = 5 * abs(across - weight * level["box"][1]) // weight
        return {
            "loaded": len(self.placed),
            "of": len(cartons),
            "volume": 1000 * volume // whole,
            "weight": weight,
            "rehandled": self.rehandled(),
            "front": weight - rear,
            "rear": rear,
            "side": side,
        }

    def score(self) -> int:
        """Return the points of the truck as it stands."""
        found = self.parts()
        points = found["volume"] + ALL_IN * (found["loaded"] == found["of"])
        points -= REHANDLED * found["rehandled"]
        points -= AXLE_OVER * (not 0 <= found["front"] <= self.level["front"][1])
        points -= AXLE_OVER * (found["rear"] > self.level["rear"][1])
        points -= TO_ONE_SIDE * (found["side"] > SIDE_FREE)
        return max(0, points)


def play(level: dict[str, Any], moves: list[Move]) -> tuple[int, dict[str, int]]:
    """Return (score, what it is made of) of a log. Raises Forged."""
    check_clock(moves)
    check_hand((move[0] for move in moves), GAP)
    load = Load(level)
    for move in moves:
        if len(move) == 5:
            load.put(*move[1:])
        elif len(move) == 2:
            load.take(move[1])
        else:
            raise Forged("shape")
    return load.score(), load.parts()
