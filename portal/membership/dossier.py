"""What applications add to the page of a company at the desk."""

from portal.accounts import dossier
from portal.accounts.access import User
from portal.accounts.dossier import Section
from portal.core.i18n import lazy as _l
from portal.membership.queries import applications
from portal.membership.rules.states import STATE_TEXT


def section(company_id: int, user: User) -> Section | None:
    """Return the applications of a company, newest first; None where there are none."""
    rows = applications.of_company(user, company_id)
    if not rows:
        return None
    return Section(
        template="membership/desk/_company.html",
        values={"applications": rows, "state_text": STATE_TEXT},
        count=len(rows),
    )


dossier.provide("applications", _l("Applications"), section, "applications.see", order=40)
