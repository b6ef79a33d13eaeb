"""What the page of one return shows, to its owner and at the desk."""

from typing import Any

from flask import url_for

from portal.accounts.access import User
from portal.core import clock
from portal.core.i18n import instant
from portal.warehousing.returns.queries import one
from portal.warehousing.returns.queries.visible import return_for
from portal.warehousing.returns.shown.words import offers, way, words


def page(user: User, ref: str, blueprint: str) -> dict[str, Any]:
    """Return what the page of a return shows; raises NotFound for a stranger's."""
    row = return_for(user, ref)
    parts = one.parts_of(row)
    steps, is_through = way(row)
    return {
        "row": row,
        "lines": one.lines_of(row),
        "parts": parts,
        "came": one.came_by_line(parts),
        "waits": [each for each in parts if each.status == "inspected"],
        "steps": [(text, instant(at) if at else None, now) for text, at, now in steps],
        "is_through": is_through,
        "offers": offers,
        "here": blueprint,
        "fragment": url_for(f"{blueprint}.now", ref=row.ref),
        "present": clock.now(),
        **words(),
    }
