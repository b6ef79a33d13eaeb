"""A consignment whose pieces go their own ways: whose way is that of the consignment.

It is where its least advanced piece is; the others are somewhere else, and are counted there.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from portal.consignments.rules.vocabulary import RANK, Status

#: Key of the pieces that have no event of their own.
_TOGETHER = None


class Parted(NamedTuple):
    """The events of the way that counts, and those of each other way with how many go it."""

    main: list[Any]
    others: list[tuple[list[Any], int]]


def parted(consignment: Any, events: Sequence[Any]) -> Parted:
    """Tell the ways apart: ``events`` are those that count, the oldest first.

    Each has ``code`` and ``piece_id``, None where it is about all of them.
    """
    own = dict.fromkeys(event.piece_id for event in events if event.piece_id is not None)
    if not own:
        return Parted(list(events), [])
    ways: dict[int | None, tuple[list[Any], int]] = {}
    if (rest := consignment.piece_count - len(own)) > 0:
        ways[_TOGETHER] = ([event for event in events if event.piece_id is None], rest)
    for piece in own:
        ways[piece] = ([event for event in events if event.piece_id in (None, piece)], 1)
    chosen = min(ways, key=lambda piece: _rank(consignment, ways[piece][0]))
    return Parted(ways[chosen][0], [way for piece, way in ways.items() if piece != chosen])


def _rank(consignment: Any, events: Sequence[Any]) -> tuple[bool, int]:
    """Return what puts the least advanced first: whoever has the state of the consignment."""
    state = state_of(events)
    return state != consignment.status, -1 if state is None else RANK[state]


def state_of(events: Sequence[Any]) -> str | None:
    """Return the state in which the last of ``events`` has left a piece; None: there is none."""
    return next((event.code for event in reversed(events) if event.code in _STATES), None)


_STATES = frozenset(str(status) for status in Status)
