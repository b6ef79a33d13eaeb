"""Raffles: what may be done with one, and the draw that anybody can recompute.

The rule of the draw, in words as it is published. ``seed`` is 64 hexadecimal figures; its SHA-256,
the commitment, is shown before the first ticket. The list of tickets is a text file: one line for
each ticket, in the order of their numbers, ``number pseudonym`` and a line feed. ``digest`` is
the SHA-256 of that file in hexadecimal figures. For n = 0, 1, 2 …: h is the SHA-256, read as one
whole number, of the text seed, digest and n in decimal figures, one behind the other. Where h is
not less than the greatest multiple of the number of tickets in 2^256, this n is passed over (so
every ticket has the very same chance). Else ticket h mod (number of tickets) + 1 is drawn; it wins
unless its holder has won already.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext

STATES = {
    "draft": lazy_pgettext("raffle", "Draft"),
    "published": lazy_pgettext("raffle", "Published"),
    "drawn": lazy_pgettext("raffle", "Drawn"),
    "cancelled": lazy_pgettext("raffle", "Cancelled"),
}
TITLE_MAX, PRIZE_MAX, REASON_MAX = 80, 400, 300  # characters
MOST_COST, MOST_TICKETS, MOST_PLACES = 10_000, 100, 50
TAKEN_AT_ONCE = 20
SPACE = 1 << 256


class Draw(NamedTuple):
    """What was drawn: the number of a ticket, and the n that drew it."""

    number: int
    counter: int


def commitment_of(seed: str) -> str:
    """Return what is published of a seed."""
    return hashlib.sha256(seed.encode()).hexdigest()


def line_of(number: int, pseudonym: str) -> str:
    """Return the line of a ticket in the list."""
    return f"{number} {pseudonym}\n"


def digest_of(holders: Sequence[str]) -> str:
    """Return the digest of a list of tickets; ``holders``: pseudonyms, of ticket 1 first."""
    lines = (line_of(number, holder) for number, holder in enumerate(holders, 1))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def drawn(seed: str, holders: Sequence[str], places: int) -> list[Draw]:
    """Return the tickets that win, the first place first; each holder wins once at the most."""
    places = min(places, len(set(holders)))
    won: list[Draw] = []
    winners: set[str] = set()
    numbers = _numbers(seed, digest_of(holders), len(holders))
    while len(won) < places:
        draw = next(numbers)
        holder = holders[draw.number - 1]
        if holder not in winners:
            winners.add(holder)
            won.append(draw)
    return won


def _numbers(seed: str, digest: str, tickets: int) -> Iterator[Draw]:
    bound = SPACE - SPACE % tickets
    counter = 0
    while True:
        text = f"{seed}{digest}{counter}".encode()
        found = int.from_bytes(hashlib.sha256(text).digest(), "big")
        if found < bound:
            yield Draw(found % tickets + 1, counter)
        counter += 1


def check_publish(state: str, opens_at: datetime, closes_at: datetime, at: datetime) -> None:
    """Raise Refused where a raffle cannot be published now."""
    if state != "draft":
        raise Refused(_l("This raffle was published before."))
    if opens_at <= at:
        raise Refused(_l("It must open later than it is published: choose another beginning."))
    if closes_at <= opens_at:
        raise Refused(_l("It must end after it begins."))


def check_open(state: str, opens_at: datetime, closes_at: datetime, at: datetime) -> None:
    """Raise Refused where tickets cannot be taken now."""
    if state == "cancelled":
        raise Refused(_l("This raffle was cancelled."))
    if state == "draft" or at < opens_at:
        raise Refused(_l("This raffle is not open yet."))
    if state != "published" or at >= closes_at:
        raise Refused(_l("This raffle has ended. No ticket can be taken any more."))


def check_most(most: int, had: int, wanted: int) -> None:
    """Raise Refused where somebody would have more tickets than one person may have."""
    if had + wanted > most:
        left = max(0, most - had)
        raise Refused(
            _l(
                "One person can have %(most)s tickets; you can take %(left)s more.",
                most=most,
                left=left,
            )
        )


def odds(own: int, tickets: int, places: int) -> float | None:
    """Return how likely it is that the first ticket drawn is one's own; None without tickets."""
    return own / tickets if tickets and places else None


def listed(tickets: Iterable[tuple[int, str]]) -> str:
    """Return the list of tickets as it is downloaded: (number, pseudonym) in their order."""
    return "".join(line_of(number, pseudonym) for number, pseudonym in tickets)
