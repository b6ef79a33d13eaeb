"""What the person who is signed in did last on the floor."""

from dataclasses import dataclass
from datetime import datetime

from flask_login import current_user
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.warehousing.floor.models import FloorPresence
from portal.warehousing.floor.rules import UNDO, UNDO_FOR

SHOWN = 4
_T = FloorPresence.__table__


@dataclass(frozen=True)
class Step:
    """One command as its person sees it again. ``may``: it is still time to take it back."""

    key: str
    say: str
    cue: str
    at: datetime
    undo: bool
    undone: bool
    may: bool


def recent() -> list[Step]:
    """Return the last steps of whoever is signed in, the newest first."""
    wanted = select(_T.c.recent).where(_T.c.person_id == current_user.person_id)
    rows = db.session.scalar(wanted) or []
    return [_step(row) for row in rows[:SHOWN]]


def _step(row: dict[str, str]) -> Step:
    at = datetime.fromisoformat(row["at"])
    return Step(
        key=row["key"],
        say=row["say"],
        cue=row["cue"],
        at=at,
        undo=bool(row["undo"]),
        undone=bool(row["undone"]) and row["name"] != UNDO,
        may=at > clock.now() - UNDO_FOR,
    )
