"""Carries out the jobs that take long, imports, so that no mail has to wait for one."""

from portal.core import jobs
from portal.core.jobs import Lane


def run_once() -> int:
    """Carry out one long job; return how many there were."""
    return jobs.run_once(Lane.LONG)
