"""Cards in the moderators' one queue: what was reported, what an appeal turns back."""

from typing import Any

from portal.accounts.access import User
from portal.club.people.queries import cards
from portal.club.people.service import reporting
from portal.forum import elsewhere
from portal.forum.elsewhere import Queue
from portal.forum.rules.order import REASONS


def _waiting(user: User) -> dict[str, Any]:
    found = cards.reports_for(user)
    return {"reports": found, "reasons": REASONS} if found else {}


elsewhere.provide("people", Queue("club/people/_reported.html", _waiting, cards.waiting_count))
elsewhere.turns_back("card_removed", reporting.show_again)
