"""The register: the list, and one company with all that is known of it."""

from typing import Any

from flask import redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal.accounts import company_queries, dossier, offers, register
from portal.accounts import desk_queries as queries
from portal.accounts.company_forms import country_name
from portal.accounts.dossier import Section
from portal.accounts.models import Company
from portal.accounts.roles import ROLE_NAMES
from portal.accounts.rules import STANDINGS
from portal.accounts.rules import companies as rules
from portal.accounts.rules.duplicates import REASON_TEXT
from portal.accounts.service import confirming
from portal.accounts.service.register import default_query
from portal.accounts.views.desk.companies import asked, history
from portal.accounts.views.desk.companies.blueprint import PAGE, asker, bp
from portal.core import pagination
from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext

TAGS = {"member": "good", "suspended": "now", "closed": "now"}
MERGE_STATES = {
    "running": _l("moving"),
    "done": lazy_pgettext("merge", "done"),
    "undoing": _l("moving back"),
    "undone": _l("undone"),
}


@bp.get("/")
def index() -> str | Response:
    """Show the companies that fit; without any condition with one's own view, if there is one."""
    user = asker()
    if not request.args and (query := default_query(PAGE, user.person_id)):
        return redirect(f"{url_for('.index')}?{query}")
    conditions = asked.kept()
    size = pagination.limit(request.args.get("limit"))
    after = request.args.get("after")
    options = asked.options()
    page = register.companies_for(user, asked.wanted(conditions), after=after, limit=size)
    return render_template(
        "accounts/desk/companies.html",
        page=page,
        kept=conditions,
        chips=asked.chips(conditions, options),
        options=options,
        views=company_queries.views_for(user, PAGE),
        present=_query(conditions),
        address=asked.address,
        is_more=bool(conditions.keys() - {"q", "standing", "manager", "confirm", "sort"}),
        **words(),
    )


def _query(conditions: dict[str, str]) -> str:
    return asked.address(conditions).partition("?")[2]


def words() -> dict[str, Any]:
    """Return the words for what columns of a company hold."""
    return {
        "standings": STANDINGS,
        "tags": TAGS,
        "kinds": rules.KINDS,
        "payment_terms": rules.PAYMENT_TERMS,
        "tariff_name": offers.tariff_name,
        "country_name": country_name,
        "confirm_state": confirming.state_of,
        "role_names": ROLE_NAMES,
    }


@bp.get("/<ref>")
def detail(ref: str) -> str | Response:
    """Show one company; the reference of one that is a part of another leads there."""
    user = asker()
    company = queries.company_for(user, ref)
    heir = company_queries.find_heir(company)
    if heir is not None:
        return redirect(url_for(".detail", ref=heir.ref, was=company.ref))
    return render_template("accounts/desk/company.html", **_known_of(company))


def _rendered(section: Section) -> Markup:
    """Return a section of the page; its template knows its own values only."""
    return Markup(render_template(section.template, **section.values))  # noqa: S704 - ours, escaped


def _known_of(company: Company) -> dict[str, Any]:
    user = asker()
    may_merge = user.may("companies.merge")
    return {
        "company": company,
        "people": queries.people_of(company),
        "manager": queries.name_of(company.account_manager_id),
        "sections": dossier.sections_for(user, company.id),
        "notes": company_queries.notes_of(user, company.id),
        "merges": company_queries.merges_of(company.id),
        "likely": company_queries.likely_same(company) if may_merge else [],
        "reason_text": REASON_TEXT,
        "lines": history.lines_of(company),
        "said": lambda name, value: history.said(name, value, {}),
        "part": _rendered,
        "merge_state": lambda state: MERGE_STATES[state],
        "was": request.args.get("was", "")[:20],
        **words(),
    }
