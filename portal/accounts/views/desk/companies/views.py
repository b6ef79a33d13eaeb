"""Saved views of the register: conditions under a name, one's own or for all staff."""

from urllib.parse import parse_qsl

from flask import flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal.accounts import company_queries
from portal.accounts.forms import Answer
from portal.accounts.service import register as service
from portal.accounts.views.desk.companies import asked
from portal.accounts.views.desk.companies.blueprint import PAGE, asker, bp
from portal.core.db import transaction
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _

LONGEST = 2000  # characters of conditions


@bp.get("/views")
def views() -> str:
    """Show one's own views, and those that others share."""
    rows, options = company_queries.views_for(asker(), PAGE), asked.options()

    def chips(query: str) -> list[str]:
        return [text for text, _url in asked.chips(_conditions(query), options)]

    return render_template("accounts/desk/views.html", views=rows, chips=chips)


def _conditions(query: str) -> dict[str, str]:
    """Return the conditions of a query; parameters that the list does not have are left out."""
    pairs = parse_qsl(query[:LONGEST], max_num_fields=100)
    return asked.kept(MultiDict(pairs))


@bp.post("/views")
def save_view() -> Response:
    """Keep the conditions of the list under a name."""
    user, form = asker(), request.form
    conditions = _conditions(form.get("query", ""))
    query = asked.address(conditions).partition("?")[2]
    try:
        with transaction():
            view = service.save_view(
                PAGE, form.get("name", ""), query, shared=_ticked("shared"), by=user.person_id
            )
            if _ticked("default"):
                service.open_with(PAGE, view, by=user.person_id)
    except PortalError as error:
        flash(str(error), "bad")
    else:
        flash(_("The view “%(name)s” is kept.", name=view.name), "good")
    return redirect(asked.address(conditions or {"all": "1"}))


def _ticked(name: str) -> bool:
    return request.form.get(name) == "1"


@bp.route("/views/<ref>", methods=["GET", "POST"])
def edit_view(ref: str) -> Answer:
    """Rename one's own view, or share it."""
    user = asker()
    view, error = company_queries.view_for(user, PAGE, ref, own=True), None
    if request.method == "POST":
        try:
            with transaction():
                view = company_queries.view_for(user, PAGE, ref, own=True)
                service.change_view(view, request.form.get("name", ""), shared=_ticked("shared"))
            return redirect(url_for(".views"))
        except PortalError as refused:
            error = str(refused)
    name = request.form.get("name", view.name)
    page = render_template("accounts/desk/view.html", view=view, name=name, error=error)
    return (page, 422) if error else page


@bp.post("/views/<ref>/delete")
def delete_view(ref: str) -> Response:
    """Delete one's own view."""
    user = asker()
    with transaction():
        service.delete_view(company_queries.view_for(user, PAGE, ref, own=True))
    flash(_("The view is deleted."), "good")
    return redirect(url_for(".views"))


@bp.post("/views/<ref>/default")
def open_with(ref: str) -> Response:
    """Let the list open with a view from now on, or with all of it."""
    user = asker()
    with transaction():
        view = company_queries.view_for(user, PAGE, ref)
        service.open_with(PAGE, view if _ticked("default") else None, by=user.person_id)
    return redirect(url_for(".views"))
