"""A notice that the desk enters for a company: by telephone, or for who has no computer."""

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.warehousing.goods.queries.owners import owner_by_ref
from portal.warehousing.inbound.desk.blueprint import bp
from portal.warehousing.inbound.forms import typed
from portal.warehousing.inbound.forms.typed import Typed
from portal.warehousing.inbound.queries.floor import owners
from portal.warehousing.inbound.service import notices
from portal.warehousing.inbound.shown import filling
from portal.warehousing.inbound.shown.asking import asker, carried_out
from portal.warehousing.inbound.shown.filling import Owner
from portal.warehousing.ledger.service.commands import Answer as Told

Answer = str | Response | tuple[str, int]


@bp.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Enter a notice for a company, which is chosen first."""
    ref = request.values.get("company", "")
    if not ref:
        return render_template("warehousing/inbound/desk/owner.html", owners=owners())
    row = owner_by_ref(ref)
    owner = Owner(row.id, row.ref, row.name)
    if request.method == "GET":
        return _page(Typed({}, []), owner)
    form = typed.typed(request.form)
    if (edit := typed.edited(form, request.form.get("do", ""))) is not None:
        return _page(edit, owner, focus=len(form.lines))
    said, errors = filling.said(form, "desk")
    if said is None:
        return _page(form.with_errors(errors), owner), 422
    user = asker()

    def work(on: Connection) -> Told:
        made = notices.announce(said, owner.id, by=user.person_id, on=on)
        return {"ref": made.ref}

    try:
        told = carried_out("inbound.announce", form.value("once"), work)
    except PortalError as error:
        return _page(filling.refused(form, error), owner), 422
    flash(_("%(no)s is entered for %(company)s.", no=told["ref"], company=owner.name))
    return redirect(url_for("inbound_desk.detail", ref=told["ref"]))


def _page(form: Typed, owner: Owner, focus: int | None = None) -> str:
    shown = filling.shown(form, owner, focus=focus)
    return render_template("warehousing/inbound/form.html", **shown)
