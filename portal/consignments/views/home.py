"""The member's home: what needs attention, what stands where, what is new, how well it goes."""

from typing import Any

from flask import Blueprint, current_app, render_template, url_for
from flask_login import current_user

from portal.consignments.queries import attention
from portal.consignments.queries.incidents import open_by_consignment
from portal.consignments.queries.many import Filter, consignments_for, count_by_step, counts_for
from portal.consignments.queries.promises import accuracy_for
from portal.consignments.rules.incident_words import kind_text
from portal.consignments.shown.glance import glance_for
from portal.consignments.shown.promised import accuracy_text
from portal.consignments.shown.stocked import stock_for
from portal.consignments.shown.words import delivery_of
from portal.consignments.views import first_steps
from portal.core.i18n import gettext as _

bp = Blueprint("member", __name__)
LATEST = 6  # rows


@bp.get("")
def home() -> str:
    """Show what a member looks for first."""
    glance = _glance()
    accuracy = accuracy_text(accuracy_for(current_user))
    return render_template(
        "consignments/home.html",
        **_standing(),
        glance=glance,
        accuracy=accuracy,
        first_steps=first_steps.steps_for(current_user._get_current_object()),
    )


def _glance() -> dict[str, Any] | None:
    """Return the company's figures in short to those who may see figures."""
    may = current_user.may("figures.see")
    return glance_for(current_user, current_user.company_id) if may else None


@bp.get("/standing")
def standing() -> str:
    """Show what needs attention and what stands where, for the page that follows the company."""
    return render_template("consignments/_standing.html", **_standing())


@bp.get("/latest")
def latest() -> str:
    """Show the latest consignments, for the page that follows the company."""
    return render_template("consignments/_latest.html", **_latest())


def _standing() -> dict[str, Any]:
    counts = counts_for(current_user)
    drafts = consignments_for(current_user, Filter(status=("draft",)), limit=attention.MOST).items
    late, wrong = attention.late_for(current_user), attention.wrong_for(current_user)
    troubled = {row.id for row in (*late, *wrong) if row.owner_incidents}
    return {
        "steps": count_by_step(counts),
        "total": sum(counts.values()),
        "draft_count": counts.get("draft", 0),
        "late_count": attention.late_count_for(current_user),
        "late_rows": late,
        "wrong_rows": wrong,
        "troubles": open_by_consignment(current_user, troubled),
        "kind_text": kind_text,
        "draft_rows": drafts,
        "delivery_of": delivery_of,
        "shortcuts": _shortcuts(),
        "stock": stock_for(current_user._get_current_object()),
        **_latest(),
    }


def _latest() -> dict[str, Any]:
    page = consignments_for(current_user, Filter(sort="changed"), limit=LATEST)
    return {"latest": page.items, "delivery_of": delivery_of}


def _shortcuts() -> list[dict[str, Any]]:
    """Return what this person may do from here."""
    offered = (
        ("consignments.create", "consignments.new", "plus", _("New consignment")),
        ("consignments.import", "imports.index", "download", _("Import many")),
        ("addresses.see", "addresses.index", "pin", _("Address book")),
        ("figures.see", "figures.index", "board", _("Figures")),
        ("colleagues.see", "colleagues.index", "user", _("Colleagues and rights")),
    )
    return [
        {"icon": icon, "text": text, "url": url}
        for right, endpoint, icon, text in offered
        if current_user.may(right) and (url := _url(endpoint))
    ]


def _url(endpoint: str) -> str | None:
    """Return the address of a page, or None where it is not served here."""
    return url_for(endpoint) if endpoint in current_app.view_functions else None
