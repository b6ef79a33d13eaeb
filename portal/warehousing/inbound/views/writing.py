"""A new notice, typed or handed in as a sheet; changing it; what it offers to copy."""

import secrets
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from portal.core import sheets as core_sheets
from portal.core.db import db
from portal.core.errors import FieldError, Invalid, PortalError
from portal.core.i18n import gettext as _
from portal.warehousing.goods.queries import Filter as Goods
from portal.warehousing.goods.queries import goods_for
from portal.warehousing.inbound.forms import sheets, typed
from portal.warehousing.inbound.forms.typed import Typed
from portal.warehousing.inbound.queries import one as queries
from portal.warehousing.inbound.queries.visible import notice_for
from portal.warehousing.inbound.rules.announcing import Said, SaidLine
from portal.warehousing.inbound.service import notices, slots
from portal.warehousing.inbound.shown import filling, words
from portal.warehousing.inbound.shown.asking import asker, carried_out
from portal.warehousing.inbound.shown.filling import Owner
from portal.warehousing.inbound.views.blueprint import bp
from portal.warehousing.ledger.service.commands import Answer as Told
from portal.warehousing.sites.queries import warehouses_for

Answer = str | Response | tuple[str, int]
OFFERED = 200  # goods offered while one types a code
FORMAT = "<any(csv, xlsx):format>"


@bp.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Enter a new notice: as a draft, or announced at once."""
    if request.method == "GET":
        return page(_start())
    form = typed.typed(request.form)
    if (edit := typed.edited(form, request.form.get("do", ""))) is not None:
        return page(edit, focus=len(form.lines))
    said, errors = filling.said(form, "form")
    if said is None:
        return page(form.with_errors(errors)), 422
    return _made(form, said, is_draft=request.form.get("do") == "draft")


def page(form: Typed, *, notice: Any = None, focus: int | None = None, status: int = 200) -> Any:
    """Return the page of the form with everything that was typed."""
    owner = Owner(asker().company_id or 0)
    html = render_template(
        "warehousing/inbound/form.html",
        **filling.shown(form, owner, notice=notice, focus=focus),
    )
    return (html, status) if status != 200 else html


def _start() -> Typed:
    if "copy" in request.args:
        notice = notice_for(asker(), request.args["copy"])
        copied = typed.of_notice(notice, _announced(notice))
        return Typed({**copied.head, "order_ref": "", "expected": ""}, copied.lines)
    return Typed({}, [])


def _announced(notice: Any) -> list[Any]:
    return [line for line in queries.lines_of(notice) if line.announced][: typed.MOST_TYPED]


def _made(form: Typed, said: Said, *, is_draft: bool) -> Answer:
    user, slot = asker(), request.form.get("slot", "")
    company_id = user.company_id or 0

    def work(on: Connection) -> Told:
        made = notices.announce(said, company_id, is_draft=is_draft, by=user.person_id, on=on)
        if made.is_new and slot and not is_draft:
            slots.schedule(made.ref, slot, by=user.person_id, on=on, company_id=company_id)
        return {"ref": made.ref, "is_new": made.is_new}

    try:
        told = carried_out("inbound.announce", form.value("once"), work)
    except PortalError as error:
        return page(filling.refused(form, error)), 422
    return _told(told, is_draft=is_draft)


def _told(told: Told, *, is_draft: bool) -> Response:
    ref = told["ref"]
    if not told["is_new"]:
        flash(_("You have announced this reference before: here it is."))
    elif is_draft:
        flash(_("%(no)s is kept as a draft. Announce it when it is complete.", no=ref))
    else:
        flash(_("%(no)s is announced. The warehouse expects your goods.", no=ref))
    return redirect(url_for("inbound.detail", ref=ref))


@bp.route("/<ref>/edit", methods=["GET", "POST"])
def edit(ref: str) -> Answer:
    """Change a notice until it arrives."""
    notice = notice_for(asker(), ref)
    if request.method == "GET":
        return str(page(typed.of_notice(notice, _announced(notice)), notice=notice))
    form = typed.typed(request.form)
    if (changed := typed.edited(form, request.form.get("do", ""))) is not None:
        return str(page(changed, notice=notice, focus=len(form.lines)))
    said, errors = filling.said(form, "form")
    if said is None:
        return page(form.with_errors(errors), notice=notice, status=422)
    return _amended(notice, form, said)


def _amended(notice: Any, form: Typed, said: Said) -> Answer:
    user = asker()
    names = ("warehouse_id", "order_ref", "supplier", "carrier", "vehicle", "driver_phone", "note")
    changes = {name: getattr(said, name) for name in (*names, "expected_at")}
    # A notice with more lines than a form holds keeps them: its lines come by sheet.
    lines = said.lines if notice.line_count <= typed.MOST_TYPED else None

    def work(on: Connection) -> Told | None:
        notices.amend(notice.ref, notice.company_id, changes, lines, by=user.person_id, on=on)
        return None

    try:
        carried_out("inbound.amend", form.value("once"), work)
    except PortalError as error:
        return page(filling.refused(form, error), notice=notice, status=422)
    flash(_("The notice is changed."))
    return redirect(url_for("inbound.detail", ref=notice.ref))


@bp.route("/sheet", methods=["GET", "POST"])
def sheet() -> Answer:
    """Hand a notice in as a sheet: a file, or rows pasted from one."""
    if request.method == "GET":
        return _sheet_page(Typed({}, []))
    form = typed.typed(request.form)
    head, errors = filling.said(form.with_lines([]), "sheet")
    if head is None:
        return _sheet_page(form.with_errors(errors)), 422
    try:
        lines = _sheet_lines()
        said = Said(**{**head.__dict__, "lines": lines})
        user = asker()

        def work(on: Connection) -> Told:
            made = notices.announce(said, user.company_id or 0, by=user.person_id, on=on)
            return {"ref": made.ref, "is_new": made.is_new}

        told = carried_out("inbound.sheet", form.value("once"), work)
    except Invalid as error:
        return _sheet_page(form, problem=error), 422
    return _told(told, is_draft=False)


def _sheet_lines() -> list[SaidLine]:
    """Return the lines of what was sent; raises Invalid with every line that is wrong."""
    file = request.files.get("file")
    if file is not None and file.filename:
        read = sheets.of_file(file.read())
    else:
        read = sheets.of_text(request.form.get("pasted", ""))
    if not read.errors:
        return list(read.lines)
    try:  # what is wrong with the others is told in the same breath
        notices.look(asker().company_id or 0, read.lines, on=db.session.connection())
        more: list[FieldError] = []
    except Invalid as error:
        more = error.errors
    wrong = sorted([*read.errors, *more], key=lambda each: int(each.field.split(".")[0]))
    raise Invalid(_("Please check the lines that are named."), wrong)


def _sheet_page(form: Typed, problem: Invalid | None = None) -> str:
    houses = warehouses_for(asker())
    return render_template(
        "warehousing/inbound/sheet.html",
        form=form,
        houses=[(h.code, words.house_of(h)) for h in houses],
        pasted=request.form.get("pasted", ""),
        errors=[(each.field.replace(".", "-"), str(each.message)) for each in form.errors],
        problem=problem,
        wrong=sheets.sentences(problem.errors) if problem else [],
        wrong_count=len({each.field.split(".")[0] for each in problem.errors}) if problem else 0,
        once=form.value("once") or secrets.token_urlsafe(12),
    )


@bp.get(f"/template.{FORMAT}")
def template(format: str) -> Response:
    """Send an empty sheet with the columns that are read, and two lines of the company’s goods."""
    goods = goods_for(asker(), Goods(), limit=2).items
    rows = [(sku.code, 12, "each", "", "", "") for sku in goods] or [
        ("SKU-1", 12, "each", "", "", "")
    ]
    headers = ["SKU", "Quantity", "Level", "Lot", "Expiry", "SSCC"]
    return core_sheets.attachment(headers, rows, _("inbound notice"), format)
