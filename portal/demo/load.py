"""Filling an empty instance with the demo centre, in a stream: memory does not grow with it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from random import Random
from typing import Any

from flask import current_app
from sqlalchemy import Connection, func, select, text

from portal.consignments import fulltext
from portal.consignments.models import Attachment, Consignment, Incident, Piece, TrackingEvent
from portal.consignments.service import totals
from portal.core import events, gs1, scope, sequences
from portal.core import fulltext as indexes
from portal.core.db import db, is_sqlite, transaction
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.demo import (
    adverts,
    applications,
    bulk,
    clubhouse,
    friends,
    learning,
    messages,
    people,
    register,
    troubles,
    warehouse,
    written,
)
from portal.demo.orders import Made, Maker
from portal.demo.pictures import Pictures
from portal.demo.sealed import seals
from portal.live import log

CHUNK = 1000  # consignments a transaction


def load(
    count: int,
    *,
    seed: int,
    now: datetime,
    progress: Callable[[int], None] | None = None,
    warehouses: bool = True,
) -> None:
    """Load ``count`` consignments and everybody who has to do with them, and full ``warehouses``.

    The same seed and ``now`` give the same content. Raises Refused where somebody is already
    at home.
    """
    if not people.is_empty():
        raise Refused(
            _l(
                "This instance already holds companies or people. "
                "The demo centre can only be loaded into an empty one."
            )
        )
    rng = Random(seed)  # noqa: S311 - content to look at, not secrets
    with transaction():
        homes, dispatcher = people.make_everybody(rng, now)
        applications.load(seed, now)
        friends.load(Random(seed), now, dispatcher)  # noqa: S311
        adverts.load(Random(seed), now)  # noqa: S311 - content to look at
        messages.load(seed, now, on=db.session.connection())
        register.load(Random(seed), now)  # noqa: S311 - content to look at
        clubhouse.load(seed, now, on=db.session.connection())
    maker = Maker(homes, dispatcher, rng, now, count)
    pictures = Pictures(Random(seed))  # noqa: S311
    with bulk.hurried():
        for chunk in _chunks(maker, count):
            with transaction():
                _write(chunk, pictures, dispatcher, db.session.connection())
                maker.forecaster.write(db.session.connection())
            if progress:
                progress(len(chunk))
        with transaction():
            maker.forecaster.write(db.session.connection(), all_of_it=True)
        written.write(now)
        learning.load(seed, now)
        _number_rows()
        if warehouses:
            warehouse.load(seed, now)
        with transaction():
            clubhouse.follow(now, on=db.session.connection())
        _finish()


def _chunks(maker: Maker, count: int) -> Iterator[list[Made]]:
    for start in range(0, count, CHUNK):
        yield [maker.make(number) for number in range(start, min(start + CHUNK, count))]


def _write(chunk: list[Made], pictures: Pictures, dispatcher: int, on: Connection) -> None:
    prefix = current_app.config["GS1_COMPANY_PREFIX"]
    serials = sequences.take("sscc", sum(len(made.pieces) for made in chunk), on=on)
    pieces = [piece for made in chunk for piece in made.pieces]
    changes = [made.change() for made in chunk]
    bulk.add(Consignment, [made.row for made in chunk], on=on)
    bulk.add(Piece, [made_piece(p, prefix, s) for p, s in zip(pieces, serials, strict=True)], on=on)
    bulk.add(TrackingEvent, [event for made in chunk for event in made.told.events], on=on)
    events.record_all(seals((made.row["id"], made.told.events) for made in chunk), on=on)
    incidents = [incident for made in chunk for incident in made.told.incidents]
    troubles.write(incidents, dispatcher, on=on)
    photos = [pictures.attach(photo) for made in chunk for photo in made.told.photos]
    bulk.add(Attachment, photos, on=on)
    totals.apply(changes, on=on)
    fulltext.INDEX.add(((m.row["id"], m.row["company_id"], m.words) for m in chunk), on=on)
    recent = sorted((row for made in chunk for row in made.log), key=lambda row: row["recorded_at"])
    if recent:
        events.INSERT.run_many(on, recent)


def made_piece(piece: dict[str, Any], prefix: str, serial: int) -> dict[str, Any]:
    """Return the row of a piece with the barcode of its serial number."""
    return {**piece, "sscc": gs1.sscc(prefix, serial)}


def _number_rows() -> None:
    """Let new rows be numbered behind ours."""
    with transaction():
        on = db.session.connection()
        if not is_sqlite(on):
            for model in (Consignment, Piece, TrackingEvent, Incident):
                _number_on(model.__table__, on)


def _finish() -> None:
    """Let followers begin with what comes next."""
    with transaction():
        db.session.connection().execute(text("ANALYZE"))
    tidy_words()
    while log.relay_once():
        pass
    log.forget(log.head().position)
    with transaction():
        troubles.begin_watching(db.session.connection())


def tidy_words() -> None:
    """Bring the search indexes, written in many parts, into one each, a little at a time."""
    is_left = True
    while is_left:
        with transaction():
            is_left = indexes.tidy(db.session.connection())


def _number_on(table: Any, on: Connection) -> None:
    last = on.scalar(select(func.max(table.c.id)).execution_options(**scope.CENTRE))
    if last:
        on.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), last)))
