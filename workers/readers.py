"""Lets the parts that act on what happened read on in the log."""

from portal.core import readers


def run_once() -> int:
    """Let every reader act on a batch; return how many events there were."""
    return readers.run_once()
