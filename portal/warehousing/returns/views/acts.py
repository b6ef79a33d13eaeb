"""What an owner does with a return: cancels it, says how it comes, decides, sets his rules."""

from typing import Any

from flask import render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from portal.accounts.rules import plain
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy as _l
from portal.warehousing.floor.forms import done
from portal.warehousing.returns import rules
from portal.warehousing.returns.queries import one
from portal.warehousing.returns.queries.visible import return_for
from portal.warehousing.returns.service import inspecting, requesting
from portal.warehousing.returns.shown.words import offers
from portal.warehousing.returns.views.blueprint import asker, bp


@bp.post("/<ref>/cancel")
def cancel(ref: str) -> Response:
    """Give a return up."""
    row, by_id = return_for(asker(), ref), asker().person_id

    def work(on: Connection) -> Any:
        requesting.cancel(row.id, row.company_id, by_id=by_id, on=on)
        return _l("%(ref)s is cancelled.", ref=row.ref)

    return done("return.cancel", work, url_for(".show", ref=ref))


@bp.post("/<ref>/on-its-way")
def send_off(ref: str) -> Response:
    """Say with whom the goods are on their way."""
    row, by_id = return_for(asker(), ref), asker().person_id
    said = [
        " ".join(plain(request.form.get(name, "")).split())[:100]
        for name in ("carrier", "tracking_no")
    ]

    def work(on: Connection) -> Any:
        requesting.send_off(row.id, row.company_id, said[0], said[1], by_id=by_id, on=on)
        return _l("Noted. The floor finds the return by this number too.")

    return done("return.send_off", work, url_for(".show", ref=ref))


@bp.post("/<ref>/parts/<int:part_id>")
def decide(ref: str, part_id: int) -> Response:
    """Decide what is done with goods that came."""
    row, by_id = return_for(asker(), ref), asker().person_id
    part = one.part_of(row, part_id)
    wanted = request.form.get("disposition", "")

    def work(on: Connection) -> Any:
        inspecting.decide(
            part.id, row.id, row.company_id, wanted, by_id=by_id, whose="owner", on=on
        )
        return _l("Decided: %(what)s.", what=rules.DISPOSITIONS[wanted])

    return done("return.decide", work, url_for(".show", ref=ref))


@bp.route("/rules", methods=["GET", "POST"])
def standing() -> str | Response:
    """Show and keep what is done with returned goods without asking."""
    company_id = asker().company_id or 0
    if request.method == "POST":
        wanted = {name: request.form[name] for name in rules.CONDITIONS if request.form.get(name)}

        def work(on: Connection) -> Any:
            inspecting.set_rules(company_id, wanted, on=on)
            return _l("Kept. It counts for what is inspected from now on.")

        return done("return.rules", work, url_for(".standing"))
    return render_template(
        "warehousing/returns/rules.html",
        conditions=rules.CONDITIONS,
        offers={each: [("", _("Ask me each time")), *offers(each)] for each in rules.CONDITIONS},
        chosen=one.rules_of(company_id),
    )
