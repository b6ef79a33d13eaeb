"""The page of a list that a request asks for, forward or back, and the words for its orders."""

from collections.abc import Sequence

from flask import request
from flask_login import current_user

from portal.consignments.queries.many import SORTS, Filter, consignments_for
from portal.consignments.queries.newer import cursor_of, newer_for
from portal.core import pagination
from portal.core.db import AnyRow
from portal.core.i18n import gettext as _


def page_of(wanted: Filter, usual: int) -> tuple[Sequence[AnyRow], str | None, str | None]:
    """Return the rows that were asked for (``usual``: how many), and cursors of newer and older.

    Raises Invalid for a cursor that is not of this list.
    """
    limit = pagination.limit(request.args.get("limit", str(usual)))
    after, before = request.args.get("after"), request.args.get("before")
    if before:
        page, more = newer_for(current_user, wanted, before=before, limit=limit)
        newer = cursor_of(page.items[0], wanted) if more else None
        return page.items, newer, page.next
    page = consignments_for(current_user, wanted, after=after, limit=limit)
    first = cursor_of(page.items[0], wanted) if after and page.items else None
    return page.items, first, page.next


def sorts() -> list[tuple[str, str]]:
    """Return the orders that a list can have: (parameter, words)."""
    named = {
        "newest": _("Newest first"),
        "changed": _("Latest event first"),
        "planned": _("Latest planned delivery first"),
        "ordered": _("Latest order first"),
    }
    return [(key, named[key]) for key in SORTS]
