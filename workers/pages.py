"""Publishes pages that are due, and puts away notices whose time is over."""

from portal.pages.service import lifecycle


def run_once() -> int:
    """Do all that is due; return 0: there is nothing more until the next look."""
    lifecycle.run_due()
    return 0
