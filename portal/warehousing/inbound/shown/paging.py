"""The page of the list of notices that a request asks for, forward or back."""

from collections.abc import Sequence

from flask import request

from portal.core import pagination
from portal.core.db import AnyRow
from portal.warehousing.inbound.queries.many import (
    Filter,
    cursor_of,
    notices_before,
    notices_for,
)
from portal.warehousing.inbound.shown.asking import asker

USUAL = "20"  # rows: what a screen and a half shows


def page_of(wanted: Filter) -> tuple[Sequence[AnyRow], str | None, str | None]:
    """Return the rows that were asked for, and cursors of newer and older ones.

    Raises Invalid for a cursor that is not of this list.
    """
    limit = pagination.limit(request.args.get("limit", USUAL))
    if before := request.args.get("before"):
        page, more = notices_before(asker(), wanted, before=before, limit=limit)
        return page.items, cursor_of(page.items[0]) if more else None, page.next
    after = request.args.get("after")
    page = notices_for(asker(), wanted, after=after, limit=limit)
    return page.items, cursor_of(page.items[0]) if after and page.items else None, page.next
