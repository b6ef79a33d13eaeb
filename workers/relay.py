"""Gives new events their place in the log and wakes whoever reads it.

Several relays may run; the one whose turn it is works, and the others look again within
``wakeup.POLL_S``. A turn is one transaction: it ends with the process that has it, and on
PostgreSQL after HANGS_S even if that process hangs.
"""

from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db, is_sqlite
from portal.live import log, sockets, wakeup

TURN = 7_811_900_254  # number of the lock that all relays of a database take
HANGS_S = 5  # without a sign of life in the middle of a turn; then the database ends it
_TURN = select(
    func.pg_try_advisory_xact_lock(TURN),
    func.set_config("idle_in_transaction_session_timeout", f"{HANGS_S}s", True),
)


def run_once() -> int:
    """Relay what is new and tell who follows; return how many events that was."""
    relayed = total = _relay_once()
    while relayed == log.BATCH:
        clock.breathe()
        relayed = _relay_once()
        total += relayed
    if total:
        wakeup.announce()
    return max(total, sockets.followers.run_once())


def _relay_once() -> int:
    return log.relay_once() if _is_my_turn() else 0


def _is_my_turn() -> bool:
    """Return whether no other relay works; the turn ends with the transaction begun here."""
    if is_sqlite(db.engine):  # one writer at a time as it is
        return True
    if db.session.execute(_TURN).one()[0]:
        return True
    db.session.commit()
    return False
