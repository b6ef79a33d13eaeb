"""What is counted by itself: by a reader of the log, and now and then."""

from portal.club.figures import service
from portal.core import clock, jobs
from portal.core.readers import reads

ROUNDS = 200  # batches of topics in one run

reads("club.figures", service.EVENTS, service.follow)
jobs.handles(service.OF_SPACE, service.count_space)


def run() -> None:
    """Note who came; count what was there before anybody counted."""
    service.count_comers()
    for _round in range(ROUNDS):
        if service.fill_in() == 0:
            break
        clock.breathe()
