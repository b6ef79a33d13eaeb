"""Making two companies one: which are likely the same, side by side, and undoing it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts import company_queries, register
from portal.accounts import desk_queries as queries
from portal.accounts import merging as parts
from portal.accounts.models import Company, CompanyMerge
from portal.accounts.rules import merging as rules
from portal.accounts.rules import plain
from portal.accounts.rules.duplicates import REASON_TEXT
from portal.accounts.service import merging as service
from portal.accounts.views.desk.companies import history
from portal.accounts.views.desk.companies.blueprint import asker, bp
from portal.accounts.views.desk.companies.index import MERGE_STATES, words
from portal.core.db import db, transaction
from portal.core.errors import NotFound, Refused
from portal.core.i18n import gettext as _
from portal.core.links import with_query


@bp.get("/duplicates")
def duplicates() -> str:
    """Show which companies of the register are likely the same."""
    return render_template(
        "accounts/desk/duplicates.html",
        pairs=company_queries.likely_pairs(asker()),
        reason_text=REASON_TEXT,
        **words(),
    )


@bp.get("/<ref>/merge")
def compare(ref: str) -> str:
    """Choose the other company, then compare both field by field."""
    company = queries.company_for(asker(), ref)
    other_ref = plain(request.args.get("with", "")).strip().upper()
    other, error = None, None
    if other_ref:
        try:
            other = queries.company_for(asker(), other_ref)
        except NotFound as missing:
            error = str(missing)
    if other is None:
        return render_template(
            "accounts/desk/merge_with.html",
            company=company,
            likely=company_queries.likely_same(company),
            reason_text=REASON_TEXT,
            error=error,
            asked=other_ref,
            **words(),
        )
    return _compared(company, other)


def _compared(kept: Company, gone: Company) -> str:
    names = dict(register.managers())
    on = db.session.connection()
    return render_template(
        "accounts/desk/merge.html",
        kept=kept,
        gone=gone,
        fields=rules.compared(kept, gone),
        said=lambda name, value: history.said(name, value, names),
        clashes=service.clashes(gone, kept),
        moving=parts.rows_of(gone.id, on),
        staying=parts.rows_of(kept.id, on),
        undo_days=service.UNDO_WITHIN.days,
        many=service.MANY,
        **words(),
    )


@bp.post("/<ref>/merge")
def merge(ref: str) -> Response:
    """Make another company a part of this one."""
    user, form = asker(), request.form
    try:
        with transaction():
            kept, gone = _both(ref, form.get("with", ""))
            made = service.merge(
                gone,
                kept,
                taken=frozenset(name for name in rules.FIELDS if form.get(name) == "gone"),
                consented=form.get("consent") == "1",
                by=user.person_id,
            )
    except Refused as refused:
        flash(str(refused), "bad")
        asked = [("with", form.get("with", ""))]
        return redirect(with_query(url_for(".compare", ref=ref), asked))
    if made.state == "done":
        flash(_("%(gone)s is a part of %(kept)s now.", gone=gone.name, kept=kept.name), "good")
        return redirect(url_for(".detail", ref=kept.ref))
    return redirect(url_for(".merged", merge_ref=made.ref))


def _both(ref: str, other: str) -> tuple[Company, Company]:
    """Return two companies, held in the order of their references."""
    user = asker()
    held = {each: queries.company_for(user, each, lock=True) for each in sorted({ref, other})}
    for company in held.values():
        db.session.refresh(company)
    return held[ref], held[other]


@bp.get("/merges/<merge_ref>")
def merged(merge_ref: str) -> str:
    """Show how far a merge is, and what it has moved."""
    made = service.merge_of(plain(merge_ref))
    gone, kept = _of(made)
    return render_template(
        "accounts/desk/merged.html",
        merge=made,
        gone=gone,
        kept=kept,
        may_undo=service.may_be_undone(made),
        state=MERGE_STATES[made.state],
        undo_until=made.made_at + service.UNDO_WITHIN,
    )


def _of(made: CompanyMerge) -> tuple[Any, Any]:
    return db.session.get_one(Company, made.gone_id), db.session.get_one(Company, made.kept_id)


@bp.post("/merges/<merge_ref>/undo")
def undo(merge_ref: str) -> Response:
    """Make two companies of one again."""
    try:
        with transaction():
            made = service.merge_of(plain(merge_ref), lock=True)
            service.undo(made, by=asker().person_id)
    except Refused as refused:
        flash(str(refused), "bad")
    else:
        if made.state == "undone":
            flash(_("They are two companies again."), "good")
    return redirect(url_for(".merged", merge_ref=merge_ref))
