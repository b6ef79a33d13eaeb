"""The first page of the desk: what waits, what today brought, and the ways on."""

from typing import Any

from flask import render_template
from flask_login import current_user

from portal.accounts.roles import ROLE_NAMES
from portal.consignments.desk.blueprint import home_bp as bp
from portal.consignments.desk.board import due_of, is_late
from portal.consignments.queries import board as queries
from portal.consignments.queries import today
from portal.consignments.queries.board import Wanted
from portal.consignments.rules.incident_words import kind_text
from portal.consignments.rules.queues import BY_CODE
from portal.consignments.rules.vocabulary import REASON_TEXT
from portal.consignments.shown.glance import glance_for
from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext

SHOWN = 8  # of what is most urgent
#: The rooms of the desk: endpoint → (name, right that opens it, what is done there).
ROOMS = {
    "board.index": (_l("Board"), "board.see", _l("Push status updates and watch every queue.")),
    "incidents_desk.index": (
        _l("Incidents"),
        "incidents.handle",
        _l("See to what went wrong or is foreseen to, the soonest due first."),
    ),
    "consignments_desk.index": (
        _l("Consignments"),
        "consignments.see_all",
        _l("Find any consignment of any company."),
    ),
    "figures_desk.desk_index": (
        _l("Figures"),
        "consignments.see_all",
        _l("Volume, promises kept, lanes and ages, of all companies or of one."),
    ),
    "messages_desk.index": (
        _l("Messages"),
        "messages.see",
        _l("Answer what visitors and members ask, and call back."),
    ),
    "applications_desk.index": (
        _l("Applications"),
        "applications.see",
        _l("Check who wants to become a member, and decide."),
    ),
    "companies_desk.index": (
        _l("Companies"),
        "companies.see",
        _l("The companies that ship with us, and their people."),
    ),
    "messages_desk.suppliers": (
        _l("Supplier offers"),
        "suppliers.see",
        _l("What suppliers offer, by subject."),
    ),
    "pages_desk.index": (
        lazy_pgettext("written", "Pages"),
        "pages.edit",
        _l("Everything written that visitors and members read."),
    ),
    "ads_desk.index": (
        _l("Advertising"),
        "ads.manage",
        _l("Campaigns, what they show, and what came of them."),
    ),
    "tariffs_desk.index": (
        _l("Tariffs"),
        "tariffs.see",
        _l("Zones and prices from which estimates are made."),
    ),
    "staff_desk.index": (_l("Staff"), "staff.manage", _l("Who works here, and in which role.")),
    "jobs_desk.index": (
        _l("Jobs"),
        "jobs.see",
        _l("What runs behind the pages, and what has stopped."),
    ),
    "design.index": (_l("Components"), "design.see", _l("Every part the pages are made of.")),
}


@bp.get("")
def home() -> str:
    """Show what waits, to each role what it may see."""
    rooms = [
        (url, name, what) for url, (name, right, what) in ROOMS.items() if current_user.may(right)
    ]
    role = ROLE_NAMES.get(current_user.staff_role, current_user.staff_role)
    user = current_user._get_current_object()
    glance = glance_for(user, None) if user.may("consignments.see_all") else None
    return render_template(
        "consignments/desk/home.html", rooms=rooms, role=role, glance=glance, **_waiting()
    )


@bp.get("/waiting")
def waiting() -> str:
    """Show the figures and the most urgent anew, for pages that follow the board."""
    return render_template("consignments/desk/_waiting.html", **_waiting())


def _waiting() -> dict[str, Any]:
    """Return figures and jobs; nothing for those who may not see consignments."""
    if not current_user.may("consignments.see_all"):
        return {"counts": None}
    user = current_user._get_current_object()
    trouble = BY_CODE["trouble"]
    return {
        "counts": queries.queue_counts_for(user),
        "statuses": queries.status_counts_for(user),
        "late": queries.late_count_for(user),
        "most_late": queries.MOST_COUNTED,
        "today": today.figures_for(user),
        "jobs": queries.jobs_for(user, trouble, Wanted(), limit=SHOWN).items,
        "due_of": due_of,
        "is_late": is_late,
        "kind_text": kind_text,
        "reason_text": lambda code: REASON_TEXT.get(code, ""),
    }
