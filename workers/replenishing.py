"""Has pick locations filled up that have fallen below their least: tasks for the floor."""

from sqlalchemy import Connection

from portal.core.db import AnyRow, db, end_reading, write
from portal.warehousing.moving import proposing
from portal.warehousing.moving.service import faces
from portal.warehousing.sites import queries as sites


def run_once() -> int:
    """Make the tasks that are due in every warehouse; return how many were made."""
    due = [house for house in sites.in_use() if _is_due(house)]
    end_reading()  # what follows writes
    return sum(_fill(house) for house in due)


def _is_due(house: AnyRow) -> bool:
    """Return whether anything can be brought: a look that holds nobody up."""
    found = proposing.proposals(house.id, db.session.connection(), most=None)
    return any(proposal.sources for proposal in found)


def _fill(house: AnyRow) -> int:
    def work(on: Connection) -> int:
        return len(faces.make_due(house.id, on=on))

    return write(work)
