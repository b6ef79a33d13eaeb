"""Messages in the moderators' one queue, and what profiles tell of points."""

from typing import Any

from portal.accounts.access import User
from portal.club.direct.queries import honours, messages
from portal.club.direct.service import reporting
from portal.club.people import beside
from portal.forum import elsewhere
from portal.forum.elsewhere import Queue
from portal.forum.rules.order import REASONS


def _waiting(user: User) -> dict[str, Any]:
    found = messages.reports_for(user)
    return {"reports": found, "reasons": REASONS} if found else {}


elsewhere.provide("direct", Queue("club/direct/_reported.html", _waiting, messages.waiting_count))
elsewhere.turns_back("direct_removed", reporting.show_again)
beside.provide("points", "club/direct/_honours.html", honours.honours_of)
