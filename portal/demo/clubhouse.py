"""The club of the demo centre: its talk, its rooms and games, and what deeds have brought."""

from datetime import datetime

from sqlalchemy import Connection

from portal.demo import (
    club,
    club_daily,
    club_games,
    club_people,
    club_points,
    club_rooms,
    club_threads,
    club_told,
)


def load(seed: int, now: datetime, *, on: Connection) -> None:
    """Let people have talked, played and met, before anything was sent."""
    club.load(now, on=on)
    club_games.load(now, on=on)
    club_rooms.load(now, on=on)
    club_threads.load(now, seed, on=on)
    club_people.load(now, on=on)


def follow(now: datetime, *, on: Connection) -> None:
    """Let there be what follows from deeds: from talk, consignments and notices."""
    club_points.load(now, on=on)
    club_told.load(now, on=on)
    club_daily.load(now, on=on)
