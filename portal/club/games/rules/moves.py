"""The log of a round: what it must look like, whatever the game.

A log is a list of moves, a move a list of whole numbers; the first are the milliseconds since the
round was begun, on the clock of the browser. Why a log is not counted is told apart for us only;
who handed it in reads one sentence for all of it.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

import orjson

MOST = 600  # moves
WIDEST = 5  # numbers in a move
LARGEST = 86_400_000  # a day in milliseconds

Move = list[int]


class Forged(Exception):
    """A log that cannot come from playing; ``code`` says why.

    shape: not a log · order: the clock ran backwards · fast: quicker than a hand · even: as even
    as no hand · impossible: against the rules · unfinished · early: longer than the time since
    the round was begun · again: counted before · foreign: of another round.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def moves_of(raw: Any) -> list[Move]:
    """Return a log as it came. Raises Forged (shape)."""
    if not isinstance(raw, list) or not 1 <= len(raw) <= MOST or not all(map(_is_move, raw)):
        raise Forged("shape")
    return raw


def _is_move(each: Any) -> bool:
    return isinstance(each, list) and 2 <= len(each) <= WIDEST and all(map(_is_whole, each))


def _is_whole(number: Any) -> bool:
    return type(number) is int and -LARGEST <= number <= LARGEST


def check_clock(moves: Iterable[Move]) -> None:
    """Raise Forged (order) unless time only goes on."""
    last = 0
    for move in moves:
        if move[0] < last:
            raise Forged("order")
        last = move[0]


def check_hand(times: Iterable[int], gap: int) -> None:
    """Raise Forged (fast) where a hand would have moved within ``gap`` milliseconds."""
    last: int | None = None
    for at in times:
        if last is not None and at - last < gap:
            raise Forged("fast")
        last = at


def digest(moves: list[Move]) -> str:
    """Return what a log is known by."""
    return hashlib.sha256(orjson.dumps(moves)).hexdigest()
