"""Promises stock that has come to the orders that wait for it, the oldest promise first."""

from sqlalchemy import Connection

from portal.core import working
from portal.core.db import db, write
from portal.core.working import Hours
from portal.warehousing.outbound.service import waiting


def run_once() -> int:
    """Serve the orders for which something may be free; return how many got any."""
    found, hours = waiting.found(), working.hours()
    db.session.commit()  # ends the read: what follows writes
    return sum(_serve(each.id, each.company_id, hours) for each in found)


def _serve(order_id: int, company_id: int, hours: Hours) -> bool:
    def work(on: Connection) -> bool:
        return waiting.serve(order_id, company_id, hours=hours, on=on)

    return write(work)
