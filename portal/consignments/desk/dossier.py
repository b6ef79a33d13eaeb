"""What the page of a company shows of its consignments."""

from flask import url_for

from portal.accounts import dossier
from portal.accounts.access import User
from portal.accounts.dossier import Section
from portal.consignments.queries import figures
from portal.consignments.queries.figures import Wanted
from portal.consignments.queries.many import (
    Filter,
    company_refs,
    consignments_for,
    count_by_step,
    counts_of_company,
)
from portal.consignments.rules.vocabulary import BIG_STEP_TEXT, BigStep
from portal.core import clock
from portal.core.i18n import lazy as _l
from portal.core.links import with_query

SHOWN = 6
MONTHS = 12


def join() -> None:
    """Let the page of a company show its consignments."""
    dossier.provide("consignments", _l("Consignments"), section, "consignments.see_all", order=20)


def section(company_id: int, user: User) -> Section | None:
    """Return how many are in which step, how many came on time, and the latest."""
    counts = counts_of_company(user, company_id)
    ref = company_refs({company_id}).get(company_id, "")
    steps = count_by_step(counts)
    return Section(
        template="consignments/desk/_dossier.html",
        values={
            "steps": [
                (step, BIG_STEP_TEXT[step], steps[step], _all(ref, step)) for step in BigStep
            ],
            "active": steps["active"],
            "year": figures.total_for(user, Wanted(first=_first_month(), company_id=company_id)),
            "rows": consignments_for(user, Filter(company_id=company_id), limit=SHOWN).items,
            "months": MONTHS,
        },
        count=sum(counts.values()),
        more=with_query(url_for("consignments_desk.index"), [("company", ref)]),
    )


def _all(ref: str, step: BigStep) -> str:
    asked = [("status", f"step:{step}"), ("company", ref)]
    return with_query(url_for("consignments_desk.index"), asked)


def _first_month() -> str:
    now = clock.now().astimezone(clock.zone())
    month = now.year * 12 + now.month - MONTHS  # the present one is among them
    return f"{month // 12}-{month % 12 + 1:02d}"
