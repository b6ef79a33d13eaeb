"""What strangers may see of a consignment: cities instead of places, masks instead of names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.consignments.rules import numbers
from portal.consignments.rules.vocabulary import (
    BESIDE,
    INCIDENT,
    MAIN_STEPS,
    RANK,
    RETRACTION,
    BigStep,
    Status,
    big_step,
)
from portal.consignments.rules.whereabouts import AT_CONSIGNEE, AT_CONSIGNOR

MOST_NUMBERS = 30  # that one look-up answers
_PARTS = 6  # pieces into which people break a number with spaces
_S = Status


@dataclass(frozen=True)
class Mark:
    """One of the five big steps: when it began (None: not yet), whether it is the present one."""

    step: BigStep
    at: datetime | None
    is_current: bool


@dataclass(frozen=True)
class Entry:
    """One event as a stranger with a proof or a link sees it; ``place`` may be a city only."""

    id: int
    seq: int
    code: str
    classifier: str
    occurred_at: datetime
    recorded_at: datetime
    place: str | None
    reason: str | None = None
    note: str | None = None
    when: str = "actual"  # how the line marks it: now, bad, actual
    piece_id: int | None = None  # of one piece alone


def numbers_in(text: str) -> list[str]:
    """Return the numbers of a text in its order, each once, as they would be written.

    Lines, commas and spaces part them; a number that is itself written with spaces is one.
    """
    for mark in ",;，；、|\r\t":
        text = text.replace(mark, "\n")
    found = [no for line in text.split("\n") for no in _in_line(line.split())]
    return list(dict.fromkeys(found))


def _in_line(words: Sequence[str]) -> Iterable[str]:
    at = 0
    while at < len(words):
        taken = _parts_of_number(words[at : at + _PARTS])
        yield numbers.normalise("".join(words[at : at + taken]))
        at += taken


def _parts_of_number(words: Sequence[str]) -> int:
    for count in range(len(words), 1, -1):
        joined = numbers.normalise("".join(words[:count]))
        if numbers.is_number(joined):
            return count
    return 1


def city_of(code: str, place: str | None, consignment: Any) -> str | None:
    """Return the city in which an event of ``code`` puts the goods; None where none is sure.

    Only the consignment's own cities are ever named: the free text of a place may hold a street.
    On the way, in other cities or without a word of where, none is.
    """
    here = (place or "").casefold()
    for city in (consignment.consignee_city, consignment.consignor_city):
        if city and here.startswith(city.casefold()):
            return str(city)
    if code in AT_CONSIGNEE:
        return consignment.consignee_city or None
    if code in AT_CONSIGNOR:
        return consignment.consignor_city or None
    return None


def masked_name(name: str | None) -> str:
    """Return a name of which strangers learn the first character: ``周*``, ``A*** S***``."""
    words = (name or "").split()
    if not words:
        return "*"
    if len(words) == 1 and not words[0].isascii():
        return words[0][0] + "*" * min(len(words[0]) - 1, 3)
    return " ".join(word[0] + "***" for word in words[:3])


def standing(events: Iterable[Any]) -> list[Any]:
    """Return the actual published events that were not withdrawn, the oldest first."""
    kept = list(events)
    withdrawn = {event.retracts_id for event in kept} - {None}
    actual = [
        event
        for event in kept
        if event.published
        and event.classifier == "actual"
        and event.code != RETRACTION
        and event.id not in withdrawn
    ]
    return sorted(actual, key=lambda event: (event.occurred_at, RANK[event.code], event.id))


def marks(consignment: Any, events: Sequence[Any]) -> list[Mark]:
    """Return the five big steps with the instants at which they began.

    ``events`` are those of ``standing``. A consignment that went astray stays at the last big
    step that it had reached.
    """
    began = _began(consignment, events)
    now = big_step(consignment.status)
    if now not in MAIN_STEPS:
        now = max(began, key=MAIN_STEPS.index)
    reached = MAIN_STEPS.index(now)
    return [
        Mark(step, began.get(step) if index <= reached else None, step is now)
        for index, step in enumerate(MAIN_STEPS)
    ]


def _began(consignment: Any, events: Sequence[Any]) -> dict[BigStep, datetime]:
    began = {BigStep.ORDERED: consignment.ordered_at}
    for event in events:
        if event.code in BESIDE or (step := big_step(event.code)) not in MAIN_STEPS:
            continue
        began.setdefault(step, event.occurred_at)
    if consignment.pickup_actual is not None:
        began[BigStep.PICKED_UP] = consignment.pickup_actual
    if consignment.delivery_actual is not None:
        began[BigStep.DELIVERED] = consignment.delivery_actual
    return began


def entries(consignment: Any, events: Sequence[Any], *, shows_everything: bool) -> list[Entry]:
    """Return the timeline, the newest first: with places, or with milestones and cities only.

    ``events`` are those of ``standing``.
    """
    shown = [e for e in events if shows_everything or e.code not in BESIDE]
    latest = next((e.id for e in reversed(shown) if e.code not in BESIDE), None)
    settled = consignment.status in (_S.DELIVERED, _S.CLOSED, _S.RETURNED, _S.CANCELLED)
    return [
        _entry(consignment, event, shows_everything, event.id == latest and not settled)
        for event in reversed(shown)
    ]


def _entry(consignment: Any, event: Any, shows_everything: bool, is_latest: bool) -> Entry:
    everything = {
        "place": event.place or city_of(event.code, None, consignment),
        "reason": event.reason,
        "note": event.note,
    }
    city = {"place": city_of(event.code, event.place, consignment)}
    return Entry(
        id=event.id,
        seq=event.seq,
        code=event.code,
        classifier=event.classifier,
        occurred_at=event.occurred_at,
        recorded_at=event.recorded_at,
        when=_when(event.code, is_latest),
        piece_id=event.piece_id,
        **(everything if shows_everything else city),
    )


def _when(code: str, is_latest: bool) -> str:
    if code == INCIDENT or (code not in BESIDE and big_step(code) is BigStep.EXCEPTION):
        return "bad"
    return "now" if is_latest else "actual"
