"""Pictures in posts: taken in, bound to the posts that show them, removed where none does."""

import io
from datetime import timedelta
from typing import Any

from PIL import Image
from sqlalchemy import Connection, delete, exists, func, insert, select, update

from portal.accounts.access import User
from portal.accounts.service.companies import new_ref
from portal.core import clock, files
from portal.core.aside import aside
from portal.core.db import db, end_reading, write
from portal.core.errors import TooMany
from portal.core.files import Stored
from portal.core.i18n import lazy as _l
from portal.core.markdown import Picture
from portal.forum.models import ForumDraft, ForumHeld, ForumPicture, ForumPostPicture
from portal.forum.rules import pictures as rules

_PX, _IN, _DRAFT, _HELD = (
    model.__table__ for model in (ForumPicture, ForumPostPicture, ForumDraft, ForumHeld)
)
TIDIED = 200  # pictures removed at once


def keep(data: bytes, by: User) -> str:
    """Keep a picture that somebody wants to put into a text; return its reference.

    It is written anew, at most 2560 px a side, without what the camera noted. Raises TooMany
    after A_DAY, Invalid and TooLarge as ``files.keep_picture`` does. Commits by itself.
    """
    check_quota(by)
    stored = files.keep_picture(data)
    size = aside(_size_of, files.read(stored.key))
    end_reading()
    return write(lambda on: add(stored, size, by, on=on))


def check_quota(by: User) -> None:
    """Raise TooMany where somebody has put A_DAY pictures here within a day."""
    since = clock.now() - timedelta(days=1)
    mine = (_PX.c.person_id == by.person_id, _PX.c.created_at > since)
    count = db.session.scalar(select(func.count()).select_from(_PX).where(*mine)) or 0
    if count >= rules.A_DAY:
        raise TooMany(_l("You have sent 40 pictures within a day. Send the next one tomorrow."))


def _size_of(data: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(data)) as picture:
        return picture.size


def add(stored: Stored, size: tuple[int, int], by: User, *, on: Connection) -> str:
    """Note a picture that was kept, of so many pixels; return its reference."""
    row = {
        "ref": new_ref("PX"),
        "person_id": by.person_id,
        "key": stored.key,
        "width": size[0],
        "height": size[1],
        "size": stored.size,
        "created_at": clock.now(),
    }
    return str(on.scalar(insert(_PX).values(**row).returning(_PX.c.ref)))


def shown_in(text: str, author_id: int, *, on: Connection) -> tuple[Picture, ...]:
    """Return the pictures that a text of ``author_id`` may show: his own that it names.

    Raises Refused for too many.
    """
    return tuple(_as_shown(row) for row in _named(text, author_id, on))


def _named(text: str, author_id: int, on: Connection) -> list[Any]:
    refs = rules.refs_of(text)
    if not refs:
        return []
    mine = select(_PX).where(_PX.c.ref.in_(refs), _PX.c.person_id == author_id)
    return sorted(on.execute(mine), key=lambda row: refs.index(row.ref))


def _as_shown(row: Any) -> Picture:
    return Picture(rules.named(row.ref), rules.PATH + row.ref, row.width, row.height)


def bind(post_id: int, text: str, author_id: int, *, on: Connection) -> None:
    """Note which pictures a post shows now: who may read it may see them."""
    ids = [row.id for row in _named(text, author_id, on)]
    on.execute(delete(_IN).where(_IN.c.post_id == post_id))
    if ids:
        on.execute(insert(_IN), [{"post_id": post_id, "picture_id": each} for each in ids])
        on.execute(update(_PX).where(_PX.c.id.in_(ids)).values(is_used=True))


def tidy() -> int:
    """Remove pictures that never stood in a post, a draft or a waiting text; return how many."""
    old = clock.now() - rules.LOOSE_FOR
    wanted = select(_PX).where(_PX.c.is_used.is_(False), _PX.c.created_at < old).limit(TIDIED)
    rows = db.session.execute(wanted).all()
    loose = [row for row in rows if not _is_meant(row)]
    end_reading()
    if not loose:
        return 0
    gone = write(lambda on: _remove([row.id for row in loose], on))
    for key in gone:
        files.forget(key)
    return len(gone)


def _is_meant(row: Any) -> bool:
    """Return whether a draft or a text that waits names a picture."""
    mine = (_HELD.c.person_id == row.person_id, _HELD.c.text.contains(row.ref))
    if db.session.scalar(select(exists().where(*mine, _HELD.c.state == "open"))):
        return True
    drafts = select(_DRAFT.c.said).where(_DRAFT.c.person_id == row.person_id)
    return any(row.ref in said.get("text", "") for said in db.session.scalars(drafts))


def _remove(ids: list[int], on: Connection) -> list[str]:
    loose = delete(_PX).where(_PX.c.id.in_(ids), _PX.c.is_used.is_(False))
    return list(on.scalars(loose.returning(_PX.c.key)))
