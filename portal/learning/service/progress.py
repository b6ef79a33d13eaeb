"""What of a course or book one person has read."""

from sqlalchemy import insert, update

from portal.core import clock
from portal.core.db import db
from portal.learning.models import Progress

_P = Progress.__table__


def note(person_id: int, work_id: int, part: str, *, place: int = 0, done: bool = False) -> None:
    """Note that a person is at ``place`` (percent) of a part, or done with it.

    What was done stays done, and a place further back does not take away from it.
    """
    at = clock.now()
    own = (_P.c.person_id == person_id, _P.c.work_id == work_id, _P.c.part == part)
    changes = {"place": 100 if done else max(0, min(place, 100)), "seen_at": at}
    if done:
        changes["done_at"] = at
    on = db.session.connection()
    if on.execute(update(_P).where(*own).values(changes)).rowcount:
        return
    values = {"person_id": person_id, "work_id": work_id, "part": part, "done_at": None}
    on.execute(insert(_P).values({**values, **changes}))
