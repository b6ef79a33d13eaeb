"""Counts notices anew where rights have changed, reminds of question hours, mails what is due."""

from portal.notifications import upkeep


def run_once() -> int:
    """Do what is due; return how many people there were."""
    return upkeep.run()
