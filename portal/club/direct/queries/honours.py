"""What a profile tells of somebody's badges, and of his place where he has not left the boards."""

from typing import Any

from sqlalchemy import func, select

from portal.accounts.access import User
from portal.club.points.models import PointBadge
from portal.club.points.queries import boards
from portal.core.db import db
from portal.forum.rules.badges import text_of

_BADGE = PointBadge.__table__


def honours_of(_reader: User, card: Any) -> dict[str, Any]:
    """Return ``badges`` (words) and ``place`` on the board of all times; empty: neither."""
    level = func.max(_BADGE.c.level)
    held = select(_BADGE.c.kind, level).where(_BADGE.c.person_id == card.person_id)
    rows = db.session.execute(held.group_by(_BADGE.c.kind).order_by(level.desc(), _BADGE.c.kind))
    badges = [text_of(f"{kind}:{level}") for kind, level in rows]
    somebody = User(person_id=card.person_id, name="", email="")
    place = boards.board_for(somebody, "person", "all").own_place
    return {"badges": badges, "place": place} if badges or place else {}
