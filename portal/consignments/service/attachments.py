"""Photos that belong to events."""

import secrets
from typing import Any

from sqlalchemy import Connection, func, insert, select

from portal.consignments.events import PhotoAttached
from portal.consignments.models import Attachment, TrackingEvent
from portal.core import clock, events, scope
from portal.core.db import AnyRow
from portal.core.errors import NotFound, Refused
from portal.core.files import Stored
from portal.core.i18n import lazy as _l

MOST = 20  # of one event
_ATTACHMENT = Attachment.__table__
_EVENT = TrackingEvent.__table__


def attach(head: Any, event_id: int, stored: Stored, *, by: int | None, on: Connection) -> AnyRow:
    """Keep with an event of the consignment ``head`` that the file ``stored`` belongs to it.

    Raises NotFound for an event of another consignment, Refused above MOST.
    Records PhotoAttached.
    """
    published = _is_published(head, event_id, on)
    _refuse_too_many(head, event_id, on)
    row = {
        "ref": secrets.token_hex(12),
        "company_id": head.company_id,
        "consignment_id": head.id,
        "tracking_event_id": event_id,
        "file_key": stored.key,
        "media_type": stored.media_type,
        "size": stored.size,
        "sha256": stored.sha256,
        "created_at": clock.now(),
    }
    kept = on.execute(insert(_ATTACHMENT).values(**row).returning(_ATTACHMENT)).one()
    attached = PhotoAttached(
        actor_id=by,
        company_id=head.company_id,
        no=head.no,
        ref=kept.ref,
        event_id=event_id,
        published=published,
        media_type=stored.media_type,
        size=stored.size,
        sha256=stored.sha256,
    )
    events.record(attached, on=on)
    return kept


def _is_published(head: Any, event_id: int, on: Connection) -> bool:
    own = select(_EVENT.c.published).where(
        _EVENT.c.consignment_id == head.id, _EVENT.c.id == event_id
    )
    published = on.scalar(own.execution_options(**scope.of(head.company_id)))
    if published is None:
        raise NotFound(_l("This consignment has no such event."))
    return bool(published)


def _refuse_too_many(head: Any, event_id: int, on: Connection) -> None:
    held = select(func.count()).where(_ATTACHMENT.c.tracking_event_id == event_id)
    if (on.scalar(held.execution_options(**scope.of(head.company_id))) or 0) >= MOST:
        raise Refused(_l("An event can have at most %(most)s photos.", most=MOST))
