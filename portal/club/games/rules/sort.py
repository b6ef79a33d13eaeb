"""Sort the parcels: each goes down the chute that its label says before it leaves the belt.

Times are milliseconds of the belt's own clock, which stands still during a pause.
``game-sort-rules.mjs`` mirrors this file; tests hold the two equal.

A move is ``[ms, key]`` on the clock of the browser: 1 to 4 a chute, 0 begins or ends a pause.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from portal.club.games.rules.moves import Forged, Move, check_clock, check_hand

GAP = 120  # ms between two keys of a hand
SEEN = 150  # ms that eyes need for a label at the least
MARKED = 4  # the chute for whatever has a mark, wherever it goes
PAUSES = 12  # at the most
RIGHT, STREAK, SPEED, WRONG, MISSED = 10, 10, 10, -15, -10  # points
#: Of so many keys at least one in EVEN must differ in time; some browsers round it to 100 ms.
EVEN_FROM, EVEN = 20, 8


@dataclass
class Shift:
    """A belt that is being sorted: which parcel is in front, and how it went so far."""

    level: dict[str, Any]
    front: int = 0
    free: int = 0  # since when nothing stood before the front parcel
    streak: int = 0
    points: int = 0
    right: int = 0
    wrong: int = 0
    missed: int = 0
    best: int = 0  # the longest streak
    took: list[int] = field(default_factory=list)  # ms for each key

    def run_to(self, at: int) -> None:
        """Let the belt run: what has left it is missed."""
        parcels = self.level["parcels"]
        while self.front < len(parcels) and parcels[self.front]["until"] < at:
            self.free = parcels[self.front]["until"]
            self.front += 1
            self.missed += 1
            self.points += MISSED
            self.streak = 0

    def seen_at(self) -> int | None:
        """Return since when the front parcel is to be seen; None: there is none any more."""
        parcels = self.level["parcels"]
        if self.front >= len(parcels):
            return None
        return max(parcels[self.front]["at"], self.free)

    def press(self, at: int, chute: int) -> bool:
        """Send the front parcel down a chute; return whether it was the right one.

        Raises Forged (impossible, fast): nothing was there, or nobody could have read it.
        """
        self.run_to(at)
        since = self.seen_at()
        if since is None or at < since:
            raise Forged("impossible")
        if at - since < SEEN:
            raise Forged("fast")
        parcel = self.level["parcels"][self.front]
        self.took.append(at - since)
        self.front, self.free = self.front + 1, at
        is_right = chute == chute_of(self.level["plan"], parcel)
        self._count(is_right, parcel, at)
        return is_right

    def _count(self, is_right: bool, parcel: dict[str, Any], at: int) -> None:
        if not is_right:
            self.wrong += 1
            self.points += WRONG
            self.streak = 0
            return
        left = (parcel["until"] - at) * SPEED // (parcel["until"] - parcel["at"])
        self.points += RIGHT + min(self.streak, STREAK) + left
        self.right += 1
        self.streak += 1
        self.best = max(self.best, self.streak)

    def end(self) -> None:
        """Let the belt run empty."""
        self.run_to(max(parcel["until"] for parcel in self.level["parcels"]) + 1)


def chute_of(plan: dict[str, int], parcel: dict[str, Any]) -> int:
    """Return where a parcel belongs: a mark comes first, then the first figure of its postcode."""
    return MARKED if parcel["mark"] else plan[parcel["postcode"][0]]


def keys_of(moves: list[Move]) -> Iterator[tuple[int, int]]:
    """Return (ms on the belt's clock, chute) of a log. Raises Forged."""
    stood, began, pauses = 0, None, 0
    for move in moves:
        if len(move) != 2 or not 0 <= move[1] <= MARKED:
            raise Forged("shape")
        at, key = move
        if key == 0 and began is None:
            began, pauses = at, pauses + 1
        elif key == 0 and began is not None:
            stood, began = stood + at - began, None
        elif began is not None:
            raise Forged("impossible")
        else:
            yield at - stood, key
    if pauses > PAUSES:
        raise Forged("impossible")


def play(level: dict[str, Any], moves: list[Move]) -> tuple[int, dict[str, int]]:
    """Return (score, what it is made of) of a log. Raises Forged."""
    check_clock(moves)
    check_hand((move[0] for move in moves if len(move) > 1 and move[1] != 0), GAP)
    shift = Shift(level)
    for at, chute in keys_of(moves):
        shift.press(at, chute)
    if len(shift.took) >= EVEN_FROM and len(set(shift.took)) * EVEN < len(shift.took):
        raise Forged("even")
    shift.end()
    return max(0, shift.points), {
        "right": shift.right,
        "wrong": shift.wrong,
        "missed": shift.missed,
        "streak": shift.best,
    }
