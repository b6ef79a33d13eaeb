"""Where somebody stopped in the reading corner."""

from typing import NamedTuple

from sqlalchemy import select

from portal.accounts.access import User
from portal.core.db import db
from portal.learning.models import Progress, Work
from portal.learning.queries import works
from portal.learning.rules.topics import BOOK

_P, _W = Progress.__table__, Work.__table__


class Reading(NamedTuple):
    """A book and the chapter to go on with; ``place``: percent of it that was read."""

    title: str
    lang: str
    chapter: str
    path: str
    place: int
    has_begun: bool


def reading_of(user: User, tag: str) -> Reading | None:
    """Return the book that somebody read last, else the first one; None where there is none."""
    mine = select(_W.c.slug, _P.c.part, _P.c.place).join(_W, _W.c.id == _P.c.work_id)
    public = (_W.c.kind == BOOK, _W.c.shown_number.is_not(None))
    seen = mine.where(_P.c.person_id == user.person_id, *public)
    last = db.session.execute(seen.order_by(_P.c.seen_at.desc(), _P.c.id.desc()).limit(1)).first()
    first = select(_W.c.slug).where(*public).order_by(_W.c.position, _W.c.id).limit(1)
    slug = last.slug if last is not None else db.session.scalar(first)
    book = works.shown(BOOK, slug, tag) if slug else None
    if book is None or not book.parts:
        return None
    known = book.part(last.part) if last is not None else None
    part = known or book.parts[0]
    place = last.place if known is not None and last is not None else 0
    return Reading(book.title, book.lang, part.title, part.path, place, known is not None)
