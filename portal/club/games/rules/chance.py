"""Chance that is the same everywhere: a seed makes the same level on every machine, for ever."""

import hashlib
import hmac
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
_MASK = 0xFFFFFFFF


def seed_of(secret: str, *what: str) -> int:
    """Return 32 bits that nobody can tell beforehand who does not know ``secret``."""
    made = hmac.new(secret.encode(), "|".join(what).encode(), hashlib.sha256).digest()
    return int.from_bytes(made[:4], "big")


class Chance:
    """Numbers drawn from a seed of 32 bits (mulberry32)."""

    def __init__(self, seed: int) -> None:
        self._state = seed & _MASK

    def below(self, end: int) -> int:
        """Return one of 0 … ``end`` - 1."""
        return self._next() * end >> 32

    def between(self, least: int, most: int) -> int:
        """Return one of ``least`` … ``most``, both among them."""
        return least + self.below(most - least + 1)

    def pick(self, of: Sequence[T]) -> T:
        """Return one of a sequence."""
        return of[self.below(len(of))]

    def shuffled(self, of: Sequence[T]) -> list[T]:
        """Return all of a sequence in another order."""
        left = list(of)
        return [left.pop(self.below(len(left))) for _ in range(len(left))]

    def _next(self) -> int:
        self._state = (self._state + 0x6D2B79F5) & _MASK
        mixed = self._state
        mixed = ((mixed ^ mixed >> 15) * (mixed | 1)) & _MASK
        mixed ^= mixed + ((mixed ^ mixed >> 7) * (mixed | 61)) & _MASK
        return (mixed ^ mixed >> 14) & _MASK
