"""Recording a story in memory, by the rules that ``consignments.service.tracking`` writes by.

Bulk loading would take hours through the service; a test holds the two together.
"""

from collections.abc import Iterable
from typing import Any

from portal.consignments.rules import moves
from portal.consignments.rules.estimates import CARRIER
from portal.consignments.rules.moves import MOVES, Step
from portal.consignments.rules.vocabulary import (
    BESIDE,
    RANK,
    RETRACTION,
    Status,
)
from portal.demo import troubles
from portal.demo.bulk import instant
from portal.demo.expecting import UNKNOWN, UNSAID, Forecast
from portal.demo.happenings import Happening

_FOLLOWS = {str(state): frozenset(map(str, to)) for state, to in MOVES.items()}
_CODES = {code: str(code) for code in RANK}
_STAGES = ((Status.DEST_CITY, "arrived_at"), (Status.OUT_FOR_DELIVERY, "out_at"))
_LEGS = {"picked_up": "pickup", "delivered": "delivery"}


#: The rules of incidents have nothing to look for in these.
_AT_REST = frozenset({"draft", "delivered", "closed", "cancelled", "returned"})


class Told:
    """What a story amounts to so far: columns of the consignment, and the rows beside it."""

    def __init__(
        self,
        consignment: int,
        company: int,
        first_event: int,
        pieces: range,
        forecast: Forecast | None = None,
    ) -> None:
        self.forecast = forecast  # says at each event when delivery is expected
        self.ids = {"company_id": company, "consignment_id": consignment}
        self.next_event = first_event
        self.events: list[dict[str, Any]] = []
        self.incidents: list[dict[str, Any]] = []
        self.photos: list[dict[str, Any]] = []
        self.piece_ids = pieces
        self.piece_states: dict[int, str] = {}
        #: Actual events that count: piece, instant, id, code.
        self.steps: list[tuple[int | None, int, int, str]] = []
        self.status, self.split, self.attempts = "", False, 0
        self.head: tuple[int, int] | None = None
        self.last: Happening | None = None
        self.times: dict[str, int | None] = {}

    def record(self, happening: Happening, actor: int | None) -> None:
        """Append what happened."""
        event_id, at = self.next_event, happening.at
        self.next_event += 1
        if happening.code == RETRACTION:
            self._withdraw(happening)
        elif happening.classifier != "actual":
            if leg := _LEGS.get(happening.code):
                self.times[f"{leg}_{happening.classifier}"] = at
        elif happening.code not in BESIDE:
            self._move(happening, event_id)
            troubles.cure(self.incidents, self.status, at)
        if happening.classifier == "actual":
            troubles.note(self.incidents, happening, event_id, self.ids)
        if (
            happening.published
            and happening.classifier == "actual"
            and happening.code != RETRACTION
            and (self.last is None or happening.at >= self.last.at)
        ):
            self.last = happening
        if happening.photo:
            self.photos.append({**self.ids, "tracking_event_id": event_id, "created_at": at})
        self._append(happening, event_id, actor)

    def _append(self, told: Happening, event_id: int, actor: int | None) -> None:
        self.events.append(
            {
                "company_id": self.ids["company_id"],
                "consignment_id": self.ids["consignment_id"],
                "id": event_id,
                "seq": len(self.events) + 1,
                "piece_id": None if told.piece is None else self.piece_ids[told.piece],
                "classifier": told.classifier,
                "code": _CODES[told.code],
                "reason": told.reason,
                "occurred_at": told.at,
                "recorded_at": told.at + told.lag,
                "place": told.place,
                "source": told.source,
                "actor_id": actor if told.source in ("manual", "scan") else None,
                "published": told.published,
                "note": told.note,
                "retracts_id": None if told.retracts is None else self._id_of(told.retracts),
                "status_after": self.status,
                **(self.forecast.after(self, told) if self.forecast else UNSAID),
            }
        )

    def _id_of(self, seq: int) -> int:
        return int(self.events[seq - 1]["id"])

    def _move(self, told: Happening, event_id: int) -> None:
        self.steps.append((told.piece, told.at, event_id, _CODES[told.code]))
        if told.piece is not None or self.split:
            self._settle()
            return
        head = (told.at, RANK[told.code])
        if self.head is None or (head > self.head and told.code in _FOLLOWS[self.status]):
            self.status, self.head = _CODES[told.code], head
            self._pass(told)
        else:
            self._fold()

    def _pass(self, told: Happening) -> None:
        if told.code == Status.FOUND:
            self._fold()
        elif told.code == Status.PICKED_UP:
            self.times.setdefault("pickup_actual", told.at)
        elif told.code == Status.DEST_CITY:
            self.times["arrived_at"] = told.at
        elif told.code == Status.OUT_FOR_DELIVERY:
            self.times["out_at"] = told.at
        elif told.code == Status.DELIVERED:
            self.times["delivery_actual"] = told.at
        elif told.code == Status.DELIVERY_FAILED:
            self.attempts += 1

    def _way(self, piece: int | None = None) -> list[Step]:
        """Return the steps that count, of the events of all pieces and of one."""
        return moves.path(
            Step.of(instant(at), event, code)
            for about, at, event, code in self.steps
            if about is None or about == piece
        )

    def _folded(self, way: list[Step]) -> Status:
        """Return what the rules make of a way."""
        return Status(way[-1].code) if way else Status(self.status)

    def _fold(self) -> None:
        status, steps = self._folded(self._way()), self.steps
        delivered = [at for _, at, _, code in steps if code == Status.DELIVERED]
        arrived = status in (Status.DELIVERED, Status.CLOSED) and delivered
        self.status = str(status)
        self.head = max((at, RANK[code]) for _, at, _, code in steps)
        self.attempts = sum(code == Status.DELIVERY_FAILED for *_, code in steps)
        self.times["delivery_actual"] = min(delivered) if arrived else None
        self._keep_stages((self._way(),))

    def _keep_stages(self, ways: Iterable[list[Step]]) -> None:
        """Keep when it came to its city and went out, on the ways that count."""
        for code, name in _STAGES:
            found = [[s.occurred_at for s in way if s.code == code][-1:] for way in ways]
            times = [int(at.timestamp()) for each in found for at in each]
            self.times[name] = max(times, default=None)

    def _settle(self) -> None:
        """Let each piece have its own state; the least advanced is that of the consignment."""
        self.split = True
        ways = [self._way(place) for place in range(len(self.piece_ids))]
        states = [self._folded(way) for way in ways]
        self._keep_stages(ways)
        self.piece_states = dict(zip(self.piece_ids, map(str, states), strict=True))
        self.status = str(moves.least_advanced(states))
        if self.status == Status.DELIVERED:
            self.times.setdefault("delivery_actual", max(at for _, at, _, _ in self.steps))

    def _withdraw(self, told: Happening) -> None:
        wrong = self._id_of(told.retracts or 0)
        troubles.withdraw(self.incidents, wrong, told.at)
        self.steps = [step for step in self.steps if step[2] != wrong]
        self._fold()
        known = [e for e in self.events if e["id"] != wrong and _is_shown(e)]
        best = max(known, key=lambda e: (e["occurred_at"], e["id"]))
        self.last = Happening(best["code"], best["occurred_at"], best["place"], best["source"])

    def columns(self) -> dict[str, Any]:
        """Return the columns of the consignment that its events decide."""
        assert self.last is not None  # noqa: S101 - every story begins
        assert self.head is not None  # noqa: S101
        times = self.times
        open_ones = [each for each in self.incidents if each["closed_at"] is None]
        return {
            "status": self.status,
            "status_seq": len(self.events),
            "attempts": self.attempts,
            "split": self.split,
            "head_at": self.head[0],
            "head_rank": self.head[1],
            "last_code": str(self.last.code),
            "last_at": self.last.at,
            "last_place": self.last.place,
            **(self.forecast.columns if self.forecast else self._told_by_others()),
            "pickup_actual": times.get("pickup_actual"),
            "arrived_at": times.get("arrived_at"),
            "out_at": times.get("out_at"),
            "delivery_actual": times.get("delivery_actual"),
            "open_incidents": len(open_ones),
            "owner_incidents": sum(each["owner_visible"] for each in open_ones),
            "changed_at": self.events[-1]["recorded_at"],
            "check_at": None if self.status in _AT_REST else self.events[-1]["recorded_at"],
        }

    def _told_by_others(self) -> dict[str, Any]:
        """Return what was expected by those who said so."""
        at = self.times.get("delivery_estimated")
        basis = CARRIER if at else None
        return {**UNKNOWN, "delivery_estimated": at, "estimate_basis": basis}


def _is_shown(event: dict[str, Any]) -> bool:
    return bool(
        event["published"] and event["classifier"] == "actual" and event["code"] != RETRACTION
    )


def tell(story: Iterable[Happening], told: Told, *, until: int, actor: int | None) -> Told:
    """Record of ``story`` what was known at ``until`` (seconds since 1970)."""
    for happening in story:
        if happening.at + happening.lag <= until or not told.events:
            told.record(happening, actor)
    return told
