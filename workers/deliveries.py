"""Carries out the jobs that are due: mails, imports."""

from portal.core import jobs


def run_once() -> int:
    """Carry out one job; return how many there were."""
    return jobs.run_once()
