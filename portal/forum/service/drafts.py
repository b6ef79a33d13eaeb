"""Drafts: kept as they are typed, gone when they are published, kept again when refused."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, exists, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.accounts.service.companies import new_ref
from portal.core import clock
from portal.core.db import is_sqlite
from portal.forum.models import ForumDraft, ForumHeld, ForumPost
from portal.forum.rules import drafts as rules

_D, _POST, _HELD = (model.__table__ for model in (ForumDraft, ForumPost, ForumHeld))


def save(
    about: str,
    said: Mapping[str, object],
    person_id: int,
    *,
    form_name: str | None = None,
    refused: str | None = None,
    on: Connection,
) -> Any:
    """Keep what somebody has typed in a place, instead of what was kept there; return its row.

    Nothing typed removes it; a form that has been published meanwhile keeps nothing: None.
    Raises Invalid for a place that there is not.
    """
    rules.check_about(about)
    texts = rules.kept(said)
    if not rules.says_something(texts):
        forget(about, person_id, on=on)
        return None
    if _is_published(form_name, on):
        return None
    row = {"person_id": person_id, "about": about, "said": texts, "refused": refused}
    adding = (sqlite_insert if is_sqlite(on) else postgresql_insert)(_D)
    kept = adding.values(**row, ref=new_ref("DR"), saved_at=clock.now())
    changed = {name: kept.excluded[name] for name in ("said", "refused", "saved_at")}
    written = kept.on_conflict_do_update(index_elements=["person_id", "about"], set_=changed)
    found = on.execute(written.returning(_D)).one()
    _drop_oldest(person_id, on)
    return found


def _is_published(form_name: str | None, on: Connection) -> bool:
    if not form_name:
        return False
    sent = (exists().where(table.c.form_name == form_name) for table in (_POST, _HELD))
    return any(on.scalar(select(each)) for each in sent)


def _drop_oldest(person_id: int, on: Connection) -> None:
    mine = select(_D.c.id).where(_D.c.person_id == person_id)
    over = mine.order_by(_D.c.saved_at.desc(), _D.c.id.desc()).offset(rules.MOST).limit(100)
    if ids := list(on.scalars(over)):
        on.execute(delete(_D).where(_D.c.id.in_(ids)))


def forget(about: str, person_id: int, *, on: Connection) -> None:
    """Remove what somebody had typed in a place: it is published, or not wanted any more."""
    on.execute(delete(_D).where(_D.c.person_id == person_id, _D.c.about == about))
