"""What the page of a company shows of its messages."""

from portal.accounts import dossier
from portal.accounts.access import User
from portal.accounts.dossier import Section
from portal.core import clock
from portal.core.i18n import lazy as _l
from portal.enquiries import rules
from portal.enquiries.desk.queue import address
from portal.enquiries.queries import desk
from portal.enquiries.queries.desk import Wanted

SHOWN = 6


def join() -> None:
    """Let the page of a company show its messages."""
    dossier.provide("messages", _l("Messages"), section, "messages.see", order=30)


def section(company_id: int, user: User) -> Section | None:
    """Return the latest messages; None where there are none."""
    page = desk.queue_for(user, Wanted(tab="all", company_id=company_id), limit=SHOWN)
    if not page.items:
        return None
    return Section(
        template="enquiries/desk/_dossier.html",
        values={
            "rows": page.items,
            "topics": rules.TOPICS,
            "state_text": rules.STATE_TEXT,
            "present": clock.now(),
        },
        more=address({"tab": "all", "company": _ref(company_id)}) if page.next else None,
    )


def _ref(company_id: int) -> str:
    return next((ref for ref, _name, id_ in desk.known_companies() if id_ == company_id), "")
