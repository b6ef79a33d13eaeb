"""Gives new events their place in the log and wakes whoever reads it."""

from portal.core import clock
from portal.live import log, sockets, wakeup


def run_once() -> int:
    """Relay what is new; return how many events that was."""
    relayed = total = log.relay_once()
    while relayed == log.BATCH:
        clock.breathe()
        relayed = log.relay_once()
        total += relayed
    if total:
        wakeup.announce()
    sockets.followers.run_once()
    return total
