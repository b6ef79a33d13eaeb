"""The staff's list over the consignments of all companies."""

from dataclasses import replace
from typing import Any

from flask import render_template, request, url_for
from flask_login import current_user

from portal.consignments.desk.blueprint import list_bp as bp
from portal.consignments.queries import board as companies
from portal.consignments.queries.many import (
    company_names,
    count_by_step,
    row_for,
)
from portal.consignments.shown.asked import Asked, tabs
from portal.consignments.shown.paging import page_of, sorts
from portal.consignments.shown.words import delivery_of
from portal.core.i18n import gettext as _

USUAL = 40  # rows: the desk is dense


@bp.get("")
def index() -> str:
    """List everybody's consignments, newest first or as asked."""
    asked, members = Asked.of(request.args), companies.members()
    company = _company(members)
    rows, newer, older = page_of(replace(asked.filter(), company_id=company), USUAL)
    chosen = [(text, _address(rest)) for text, rest in asked.conditions()]
    return render_template(
        "consignments/desk/index.html",
        rows=rows,
        names=company_names({row.company_id for row in rows}),
        newer=newer and _address(asked, before=newer),
        older=older and _address(asked, after=older),
        chips=[*chosen, *_company_chip(asked, members, company)],
        company_options=[("", _("All companies")), *((ref, name) for ref, name, _id in members)],
        company=request.args.get("company", ""),
        sorts=sorts(),
        delivery_of=delivery_of,
        **_counted(asked, company),
    )


@bp.get("/counts")
def counts() -> str:
    """Show the tabs with their counts, for pages that follow the board."""
    company = _company(companies.members()) if request.args.get("company") else None
    return render_template(
        "consignments/desk/_tabs.html", **_counted(Asked.of(request.args), company)
    )


@bp.get("/<no>/row")
def row(no: str) -> str:
    """Show one row of the list, for pages that follow the board."""
    found = row_for(current_user, no)
    names = company_names({found.company_id})
    return render_template(
        "consignments/desk/_row.html", row=found, names=names, delivery_of=delivery_of
    )


def _company(members: list[tuple[str, str, int]]) -> int | None:
    """Return the id of the company asked for; -1, which is nobody's, for an unknown one."""
    asked = request.args.get("company")
    if not asked:
        return None
    return next((id_ for ref, _name, id_ in members if ref == asked), -1)


def _company_chip(
    asked: Asked, members: list[tuple[str, str, int]], company: int | None
) -> list[tuple[str, str]]:
    if company is None:
        return []
    name = next((name for _ref, name, id_ in members if id_ == company), "?")
    return [(name, url_for(".index", **_args(asked)))]


def _args(asked: Asked, **more: Any) -> dict[str, Any]:
    return {**asked.args(), **more}


def _address(asked: Asked, **cursor: Any) -> str:
    kept: dict[str, Any] = {
        name: request.args[name] for name in ("company", "limit") if request.args.get(name)
    }
    return url_for("consignments_desk.index", **_args(asked, **kept, **cursor))


def _counted(asked: Asked, company: int | None) -> dict[str, Any]:
    counted = companies.status_counts_for(current_user, company)
    total = sum(counted.values())
    own: dict[str, Any] = (
        {"company": request.args["company"]} if request.args.get("company") else {}
    )
    shown = [
        (text, url_for("consignments_desk.index", **args, **own), *rest)
        for text, args, *rest in tabs(asked, count_by_step(counted), total)
    ]
    return {"asked": asked, "tabs": shown, "total": total, "own": own}
