"""Forgets what is past its time: idempotency keys, done jobs, ended sign-ins, old stream.

It keeps the search indexes tidy, holds lots past their date, grades goods for counting, closes the
days of the stock ledger and the weeks of the games, draws raffles, and looks for goods that run
low; at night it has the log checked.
"""

from datetime import timedelta

from flask import current_app
from sqlalchemy import func, select

from portal.accounts.service import confirming, forget_ended
from portal.club.daily import upkeep as daily
from portal.club.figures import upkeep as club_figures
from portal.club.games.service import closing as games
from portal.club.points import upkeep as points
from portal.club.rooms import upkeep as rooms
from portal.core import clock, fulltext, idempotency, jobs
from portal.core.db import db, transaction
from portal.core.events import EventRecord
from portal.documents import jobs as papers
from portal.forum.service import pictures as club_pictures
from portal.live import log, nightly
from portal.membership.service import forget_old
from portal.notifications.service import reading as notices
from portal.pages.friends import service as friends
from portal.promotion import upkeep as advertising
from portal.warehousing.counting import upkeep as counting
from portal.warehousing.floor.service import assignments
from portal.warehousing.holds import upkeep as lots
from portal.warehousing.inbound import upkeep as inbound
from portal.warehousing.ledger.service import commands, snapshots
from portal.warehousing.stock.service import alerting

STEP = 20_000  # positions dropped at once


def run_once() -> int:
    """Tidy once; return how many rows went."""
    gone = (
        papers.tidy()
        + idempotency.tidy()
        + jobs.tidy()
        + _forget_ended()
        + _forget_applications()
        + _shorten_stream()
    )
    gone += advertising.tidy()
    gone += commands.tidy()
    gone += assignments.tidy()
    gone += rooms.run()
    gone += club_pictures.tidy()
    gone += notices.tidy()
    lots.run()
    counting.run()
    inbound.run()
    snapshots.run()
    alerting.run()
    points.run()
    games.run()
    daily.run()
    club_figures.run()
    confirming.ask_those_due()
    with transaction():
        fulltext.tidy(db.session.connection())
    nightly.owe()
    friends.owe_checks()
    return gone


def _forget_applications() -> int:
    with transaction():
        return forget_old()


def _forget_ended() -> int:
    with transaction():
        return forget_ended()


def _shorten_stream() -> int:
    kept_since = clock.now() - timedelta(days=current_app.config["STREAM_KEEP_DAYS"])
    head = log.head()
    edge = head.floor + STEP
    oldest_kept = db.session.scalar(
        select(func.min(EventRecord.position)).where(
            EventRecord.position > head.floor,
            EventRecord.position <= edge,
            EventRecord.recorded_at >= kept_since,
        )
    )
    before = edge if oldest_kept is None else oldest_kept - 1
    if head.position <= head.floor or before <= head.floor:
        db.session.commit()
        return 0
    return log.forget(min(before, head.position))
