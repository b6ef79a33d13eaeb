"""What visitors and members wrote to the demo centre in half a year; who asked for calls.

The words stand in ``messages.json``: d days ago, l language, t topic, n name, c company, e e-mail,
p telephone, m the member who wrote, s subject, x text, v whether it may be public, st its state,
a answers (who, working hours later, text, whether public), f what the writer added.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Connection, func, insert, select

from portal.accounts.models import Membership, Person
from portal.core import counters, events, spam, working
from portal.core.clock import zone
from portal.core.working import ClosedDay, Hours
from portal.demo.calls import add_calls
from portal.enquiries import fulltext, rules
from portal.enquiries.models import AnswerTime, Message, MessageEntry
from portal.enquiries.rules import State

WORDS = Path(__file__).with_name("messages.json")
_M, _E, _P = Message.__table__, MessageEntry.__table__, Person.__table__
#: Days on which the demo centre is closed: (month, day, name).
HOLIDAYS = (
    (1, 1, "元旦"),
    (5, 1, "劳动节"),
    (10, 1, "国庆节"),
    (10, 2, "国庆节"),
    (10, 3, "国庆节"),
)


def load(seed: int, now: datetime, *, on: Connection) -> None:
    """Write the messages, their answers, calls and closed days; the same seed gives the same."""
    _close_days(now, on)
    teller = _Teller(Random(seed), now, on)  # noqa: S311 - content to look at, not secrets
    for told in json.loads(WORDS.read_text("utf-8")):
        teller.tell(told)
    teller.finish()
    add_calls(teller.people, working.hours(), now, on)


def _close_days(now: datetime, on: Connection) -> None:
    rows = [
        {"on": day, "name": name, "works_like": None, "created_at": now}
        for year in (now.year, now.year + 1)
        for month, number, name in HOLIDAYS
        if (day := datetime(year, month, number, tzinfo=zone()).date()) > now.date()
    ]
    on.execute(insert(ClosedDay.__table__), [*rows, *_announced(now)])


def _announced(now: datetime) -> Iterator[dict[str, Any]]:
    """Yield Thursday and Friday of next week, on which the demo's notice says it is closed."""
    today = now.astimezone(zone()).date()
    monday = today + timedelta(days=7 - today.weekday())
    for days in (3, 4):
        day = monday + timedelta(days=days)
        if (day.month, day.day) not in {(month, number) for month, number, _ in HOLIDAYS}:
            yield {"on": day, "name": "节假日营业安排", "works_like": None, "created_at": now}


def ref(prefix: str, *parts: Any) -> str:
    """Return a reference that depends on nothing but ``parts``."""
    digest = hashlib.sha256(repr(parts).encode()).digest()
    return prefix + "".join(rules.LETTERS[byte % len(rules.LETTERS)] for byte in digest[:8])


class _Teller:
    """Writes one message after the other, as the rules would have had it."""

    def __init__(self, rng: Random, now: datetime, on: Connection) -> None:
        self.rng, self.now, self.on = rng, now, on
        self.hours: Hours = working.hours()
        rows = on.execute(select(_P.c.id, _P.c.email, _P.c.name, _P.c.staff_role))
        self.people = {row.email: row for row in rows}
        self.staff = {row.staff_role: row for row in self.people.values() if row.staff_role}
        self.log: list[dict[str, Any]] = []
        self.counts: dict[tuple[Any, int], int] = {}

    def tell(self, told: dict[str, Any]) -> None:
        """Write a message with all that was said about it."""
        at = self._when(told)
        member = self.people.get(told.get("m", ""))
        row = self._row(told, at, member)
        said = list(self._said(told, at))
        row |= self._fate(told, row, said)
        message = self.on.execute(insert(_M).values(**row).returning(_M)).one()
        for number, entry in enumerate(said):
            entry["ref"] = ref("ME", message.ref, number)
            self.on.execute(
                insert(_E).values(message_id=message.id, company_id=message.company_id, **entry)
            )
        fulltext.renew(message.id, on=self.on)
        self._note(message, said)

    def _when(self, told: dict[str, Any]) -> datetime:
        """Return when it was written: older ones during the day, young ones as they stand."""
        at = self.now - timedelta(days=told["d"])
        if told["d"] < 3:
            return at
        minutes = timedelta(minutes=self.rng.randrange(0, 420))
        return at.astimezone(zone()).replace(hour=9, minute=0, second=0, microsecond=0) + minutes

    def _row(self, told: dict[str, Any], at: datetime, member: Any) -> dict[str, Any]:
        return {
            "ref": ref("MS", told["s"], told["d"]),
            "salt": hashlib.sha256(told["s"].encode()).hexdigest()[:16],
            "company_id": self._company(member),
            "person_id": member.id if member else None,
            "name": told["n"],
            "company_name": told.get("c"),
            "email": told.get("e") or told.get("m"),
            "phone": rules.phone(told["p"]) if told.get("p") else None,
            "locale": told["l"],
            "topic": told["t"],
            "subject": told["s"],
            "text": told["x"],
            "is_private": not told["v"],
            "asked_at": at,
            "spam_score": 0,
            "spam_reasons": [],
            "fingerprint": spam.fingerprint(told["x"]),
            "sketch": spam.sketch(told["x"]),
            "created_at": at,
        }

    def _company(self, member: Any) -> int | None:
        if member is None:
            return None
        found = select(func.min(Membership.company_id)).where(Membership.person_id == member.id)
        return self.on.scalar(found)

    def _said(self, told: dict[str, Any], at: datetime) -> Iterator[dict[str, Any]]:
        moment = at
        for number, (role, hours, text, is_public) in enumerate(told.get("a", ())):
            for added in told.get("f", ()) if number == 1 else ():
                yield self._entry("added", added, moment + timedelta(hours=2), name=told["n"])
            moment = self.hours.due(at, working=timedelta(hours=hours))
            yield self._entry(
                "answer", text, moment, by=self.staff[role], is_public=bool(is_public)
            )

    def _entry(
        self,
        kind: str,
        text: str,
        at: datetime,
        *,
        by: Any = None,
        name: str = "",
        is_public: bool = False,
    ) -> dict[str, Any]:
        return {
            "kind": kind,
            "is_public": is_public,
            "text": text,
            "person_id": by.id if by else None,
            "author_name": by.name if by else name,
            "author_role": by.staff_role if by else None,
            "created_at": at,
        }

    def _fate(
        self, told: dict[str, Any], row: dict[str, Any], said: list[dict[str, Any]]
    ) -> dict[str, Any]:
        """Return what became of a message: its state, its clock, who has it."""
        answers = [entry for entry in said if entry["kind"] == "answer"]
        if told.get("spam"):
            return self._put_aside(row)
        first = answers[0] if answers else None
        public = any(entry["is_public"] for entry in answers)
        state = told.get("st") or (State.PUBLISHED if public else State.PENDING)
        hidden = state == State.HIDDEN
        due = self.hours.due(row["asked_at"], working=working.FIRST_ANSWER)
        fate: dict[str, Any] = {
            "state": state,
            "due_at": None if first or hidden else due,
            "answered_at": first["created_at"] if first else None,
            "assigned_id": first["person_id"] if first else None,
        }
        if state == State.PUBLISHED:
            fate |= {
                "public_name": rules.public_name(row["name"]),
                "public_subject": row["subject"],
                "public_text": row["text"],
                "published_at": first["created_at"] if first else row["created_at"],
            }
        return fate

    def _put_aside(self, row: dict[str, Any]) -> dict[str, Any]:
        verdict = spam.weigh(
            row["text"], heads=(row["name"], row["subject"]), took=timedelta(seconds=2)
        )
        reasons = list(verdict.reasons)
        aside = {"state": State.SPAM, "due_at": None, "answered_at": None, "assigned_id": None}
        return aside | {"spam_score": verdict.score, "spam_reasons": reasons}

    def _note(self, message: Any, said: list[dict[str, Any]]) -> None:
        """Write the history, and count the first answer."""
        more = {"state": str(message.state), "is_private": message.is_private}
        self._event("message.received", message, message.created_at, message.person_id, more)
        if message.published_at:
            by = message.assigned_id or self.staff["moderator"].id
            published = {"action": "published", "detail": None}
            self._event("message.changed", message, message.published_at, by, published)
        is_first = True
        for entry in said:
            if entry["kind"] == "answer":
                minutes = self._count(message, entry["created_at"]) if is_first else None
                answer = {"is_public": entry["is_public"], "minutes": minutes}
                self._event(
                    "message.answered", message, entry["created_at"], entry["person_id"], answer
                )
                is_first = False
            else:
                self._event("message.added", message, entry["created_at"], None, {})

    def _count(self, message: Any, at: datetime) -> int:
        minutes = int(self.hours.elapsed(message.created_at, at).total_seconds() // 60)
        key = at.astimezone(zone()).date(), rules.bucket(minutes)
        self.counts[key] = self.counts.get(key, 0) + 1
        return minutes

    def _event(
        self, name: str, message: Any, at: datetime, by: int | None, more: dict[str, Any]
    ) -> None:
        fields = {
            "actor_id": by,
            "company_id": message.company_id,
            "ref": message.ref,
            "topic": message.topic,
        }
        self.log.append(
            {
                "name": name,
                "company_id": message.company_id,
                "actor_id": by,
                "about": f"message:{message.ref}",
                "payload": fields | more,
                "recorded_at": at,
            }
        )

    def finish(self) -> None:
        """Write the log in the order of time, and the counts."""
        self.log.sort(key=lambda row: row["recorded_at"])
        events.INSERT.run_many(self.on, self.log)
        rows = [{"on": on, "minutes": m, "count": n} for (on, m), n in self.counts.items()]
        counters.add(AnswerTime.__table__, rows, on=self.on)
