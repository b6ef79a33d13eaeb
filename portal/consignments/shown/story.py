"""The story of one consignment as its page tells it: five steps, and a line of entries.

Pure: rows in, entries out. Events that were withdrawn stay, struck through, with the word that
withdrew them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from portal.consignments.rules.moves import SETTLED
from portal.consignments.rules.vocabulary import (
    BESIDE,
    BIG_STEP_TEXT,
    INCIDENT,
    INCIDENT_RESOLVED,
    MAIN_STEPS,
    REASON_TEXT,
    RETRACTION,
    BigStep,
    Status,
    big_step,
    text,
)
from portal.consignments.shown.words import Difference, delivery_of, difference, pickup_of
from portal.core.i18n import clock_time, instant
from portal.core.i18n import gettext as _

_BAD = (INCIDENT, INCIDENT_RESOLVED)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry of the line; ``when`` is actual, now, estimated, planned or bad."""

    id: int
    when: str
    title: str
    at: datetime | None
    parts: tuple[str, ...] = ()
    planned: datetime | None = None
    difference: Difference | None = None
    withdrawn_at: datetime | None = None
    withdrawn_why: str | None = None
    photos: tuple[Any, ...] = field(default=())


def entries(
    consignment: Any,
    events: Sequence[Any],
    attachments: Iterable[Any] = (),
    pieces: Sequence[Any] = (),
) -> list[Entry]:
    """Return the line, the future first, then what happened, the newest first."""
    told = _Teller(consignment, events, attachments, pieces)
    happened = sorted(
        (e for e in events if e.classifier == "actual" and e.code != RETRACTION),
        key=lambda e: (e.occurred_at, e.seq),
        reverse=True,
    )
    latest = next((e.id for e in happened if told.is_current(e)), None)
    return told.future() + [told.entry(e, is_latest=e.id == latest) for e in happened]


class _Teller:
    """Turns the events of one consignment into entries."""

    def __init__(
        self,
        consignment: Any,
        events: Sequence[Any],
        attachments: Iterable[Any],
        pieces: Sequence[Any],
    ) -> None:
        self.consignment = consignment
        self.events = events
        self.withdrawn = {e.retracts_id: e for e in events if e.code == RETRACTION}
        self.numbers = {p.id: n for n, p in enumerate(pieces, 1)}
        self.photos: dict[int, list[Any]] = {}
        for each in attachments:
            self.photos.setdefault(each.tracking_event_id, []).append(each)
        self.plans = {
            e.code: e.occurred_at
            for e in events
            if e.classifier == "planned" and e.id not in self.withdrawn
        }

    def is_current(self, event: Any) -> bool:
        """Whether the event tells where the goods are and still holds."""
        return event.code not in BESIDE and event.id not in self.withdrawn

    def entry(self, event: Any, *, is_latest: bool) -> Entry:
        """Return the entry of something that happened."""
        withdrawal = self.withdrawn.get(event.id)
        planned, differs = (None, None) if withdrawal else self._promise(event)
        return Entry(
            id=event.id,
            when=self._when(event, is_latest),
            title=text(event.code),
            at=event.occurred_at,
            parts=self._parts(event),
            planned=planned,
            difference=differs,
            withdrawn_at=withdrawal.occurred_at if withdrawal else None,
            withdrawn_why=withdrawal.note if withdrawal else None,
            photos=tuple(self.photos.get(event.id, ())),
        )

    def _when(self, event: Any, is_latest: bool) -> str:
        if event.code in _BAD or self._is_trouble(event):
            return "bad"
        return "now" if is_latest and self.consignment.status not in SETTLED else "actual"

    @staticmethod
    def _is_trouble(event: Any) -> bool:
        return event.code not in BESIDE and big_step(event.code) is BigStep.EXCEPTION

    def _promise(self, event: Any) -> tuple[datetime | None, Difference | None]:
        if event.code == Status.PICKED_UP:
            known = pickup_of(self.consignment)
        elif event.code == Status.DELIVERED:
            known = delivery_of(self.consignment)
        else:
            planned = self.plans.get(event.code)
            return planned, difference(planned, event.occurred_at)
        return known.planned, known.difference if known.is_actual else None

    def _parts(self, event: Any) -> tuple[str, ...]:
        piece = self.numbers.get(event.piece_id)
        said = (
            event.place,
            _("piece %(number)s", number=piece) if piece else None,
            str(REASON_TEXT.get(event.reason, event.reason)) if event.reason else None,
            event.note,
            _("by %(name)s", name=event.actor_name)
            if event.seq == 1 and event.actor_name
            else None,
        )
        return tuple(part for part in said if part)

    def future(self) -> list[Entry]:
        """Return what is expected, the farthest first; nothing once all is settled."""
        if self.consignment.status in SETTLED:
            return []
        done = {e.code for e in self.events if e.classifier == "actual" and self.is_current(e)}
        expected = {
            e.code: e
            for e in sorted(self.events, key=lambda e: (e.classifier == "estimated", e.seq))
            if e.classifier != "actual" and e.id not in self.withdrawn and e.code not in done
        }
        expected.pop(Status.DELIVERED, None)
        ways = [self._expected(e) for e in expected.values() if e.code not in BESIDE]
        ways.sort(key=lambda entry: (entry.at is not None, entry.at), reverse=True)
        return [*self._delivery(), *ways]

    def _expected(self, event: Any) -> Entry:
        return Entry(
            id=event.id,
            when=event.classifier,
            title=text(event.code),
            at=event.occurred_at,
            parts=tuple(part for part in (event.place, event.note) if part),
            planned=self.plans.get(event.code) if event.classifier == "estimated" else None,
        )

    def _delivery(self) -> list[Entry]:
        known = delivery_of(self.consignment)
        if known.planned is None and known.at is None:
            return []
        parts = (self.consignment.consignee_city, self.consignment.consignee_address)
        return [
            Entry(
                id=0,
                when="estimated" if known.at else "planned",
                title=text(Status.DELIVERED),
                at=known.at,
                parts=tuple(part for part in parts if part),
                planned=known.planned,
                difference=known.difference,
            )
        ]


def steps(consignment: Any, events: Sequence[Any]) -> tuple[list[tuple[str, str, bool]], bool]:
    """Return the five steps as (name, time, whether it is now), and whether all are done."""
    reached = _reached(events)
    done = consignment.status in (Status.DELIVERED, Status.CLOSED)
    current = BigStep.DELIVERED if done else _current(consignment, reached)
    shown = [
        (str(BIG_STEP_TEXT[step]), _step_time(consignment, step, reached), step is current)
        for step in MAIN_STEPS
    ]
    return shown, done


def _reached(events: Sequence[Any]) -> dict[BigStep, datetime]:
    """Return each big step with the time of the first event in it that still holds."""
    withdrawn = {e.retracts_id for e in events if e.code == RETRACTION}
    found: dict[BigStep, datetime] = {}
    for event in sorted(events, key=lambda e: (e.occurred_at, e.seq)):
        if event.classifier == "actual" and event.code not in BESIDE and event.id not in withdrawn:
            found.setdefault(big_step(event.code), event.occurred_at)
    return found


def _current(consignment: Any, reached: dict[BigStep, datetime]) -> BigStep | None:
    """Return the step it stands at: its own, or the last one before it left the usual way."""
    step = big_step(consignment.status)
    if step in MAIN_STEPS:
        return step
    passed = [s for s in MAIN_STEPS[:-1] if s in reached]
    return passed[-1] if passed else None


def _step_time(consignment: Any, step: BigStep, reached: dict[BigStep, datetime]) -> str:
    if step is not BigStep.DELIVERED:
        return instant(reached.get(step))
    known = delivery_of(consignment)
    if known.is_actual:
        return instant(known.at)
    if known.at is not None:
        return _("expected %(time)s", time=instant(known.at))
    return _("planned %(time)s", time=instant(known.planned)) if known.planned else ""


def spoken(consignment: Any) -> str:
    """Return what a screen reader is told when something changed."""
    return f"{text(consignment.status)} {clock_time(consignment.last_at)}"
