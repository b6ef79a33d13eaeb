"""The differences that wait for their owner's answer."""

from collections.abc import Sequence

from sqlalchemy import func, select

from portal.accounts.access import User
from portal.core.db import AnyRow, db
from portal.warehousing.inbound.models import Difference, InboundNotice
from portal.warehousing.inbound.queries.visible import visible_to

_D, _NOTICE = Difference.__table__, InboundNotice.__table__


def to_answer_for(user: User, *, limit: int) -> Sequence[AnyRow]:
    """Return the notices with open differences, the oldest question first.

    ``ref, order_ref, questions, since``, and in ``total`` how many such notices there are.
    """
    since = func.min(_D.c.created_at).label("since")
    query = (
        select(_NOTICE.c.ref, _NOTICE.c.order_ref, func.count().label("questions"), since)
        .add_columns(func.count().over().label("total"))
        .join_from(_D, _NOTICE, _NOTICE.c.id == _D.c.notice_id)
        .where(_D.c.status == "open", _D.c.company_id == _NOTICE.c.company_id)
        .group_by(_NOTICE.c.id, _NOTICE.c.ref, _NOTICE.c.order_ref)
        .order_by(func.min(_D.c.id))
    )
    return db.session.execute(visible_to(user, query.limit(limit))).all()
