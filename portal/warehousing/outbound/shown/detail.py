"""The page of one order: everything that a template shows of it."""

import secrets
from typing import Any

from portal.accounts.access import User
from portal.core import clock
from portal.warehousing.outbound.queries import one
from portal.warehousing.outbound.queries.visible import order_for
from portal.warehousing.outbound.rules import orders as rules
from portal.warehousing.outbound.shown import acting, links, pickups, words


def everything(user: User, ref: str, at: str) -> dict[str, Any]:
    """Return what the page of an order shows, in the part ``at`` of the site.

    Raises NotFound as ``order_for``.
    """
    order = order_for(user, ref)
    lines, steps = one.lines_of(order), one.steps_of(order)
    return {
        "at": at,
        "once": secrets.token_urlsafe(16),
        "order": order,
        "lines": lines,
        "promised": one.promised_of(order),
        "steps": steps,
        "stages": words.stages(order, steps),
        "share": words.progress(lines),
        "related": one.related_to(order),
        "consignment_url": links.consignment(order.consignment_no),
        "pickup": pickups.booked(order),
        "is_fetched": pickups.is_fetched(order),
        "acts": acting.possible(order, lines, user),
        "is_late": words.is_late(order),
        "said": words.state(order.status),
        "changeable": order.status in rules.CHANGEABLE,
        "redirectable": order.status in rules.REDIRECTABLE,
        "hold_options": [(code, str(text)) for code, text in rules.HOLDS.items()],
        "present": clock.now(),
        "words": words,
        **words.TABLES,
    }
