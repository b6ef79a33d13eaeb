"""Closes orders from stock whose consignments were delivered."""

from portal.fulfilment import following


def run_once() -> int:
    """End what has come to its end; return how many."""
    return following.follow()
