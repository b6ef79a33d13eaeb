"""Carries out the jobs that take a moment: mails."""

from portal.core import jobs
from portal.core.jobs import Lane


def run_once() -> int:
    """Carry out one quick job; return how many there were."""
    return jobs.run_once(Lane.QUICK)
