"""What the portal does about points by itself: reads what happened, judges, lets expire."""

from portal.club.points.service import badges, deeds, ledger, works
from portal.core import clock
from portal.core.db import write
from portal.core.readers import reads
from portal.forum.events import (
    ActTaken,
    AnswerAccepted,
    PostReacted,
    PostReported,
    PostWritten,
    TopicBegun,
)
from portal.warehousing.inbound.events import DifferenceChanged, NoticeMoved

BATCH = 25  # in one transaction: others wait for it on SQLite
ROUNDS = 160  # in one run of housekeeping

reads(
    "points.forum",
    [TopicBegun, PostWritten, PostReacted, AnswerAccepted, PostReported, ActTaken],
    deeds.follow_forum,
)
reads("points.notices", [NoticeMoved, DifferenceChanged], works.follow_notice)


def run() -> None:
    """Judge handovers, let expire what is due, award badges for reading and years."""
    for work in (works.judge_handovers, ledger.expire_due, badges.award_due):
        for _round in range(ROUNDS):
            if write(lambda on, work=work: work(BATCH, on=on)) < BATCH:  # type: ignore[misc]
                break
            clock.breathe()
