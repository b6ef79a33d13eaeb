"""Making a company a member, shutting it out for a time, letting it in again."""

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.accounts import desk_queries as queries
from portal.accounts import roles, service
from portal.accounts.company_forms import NewCompanyForm
from portal.accounts.forms import Answer, filled, show
from portal.accounts.models import Company
from portal.accounts.service.colleagues import Inviter
from portal.accounts.views.desk.companies.blueprint import bp
from portal.core.db import transaction
from portal.core.errors import PortalError, Refused
from portal.core.i18n import gettext as _


@bp.route("/new", methods=["GET", "POST"])
def create() -> Answer:
    """Make a company a member and invite its first owner."""
    form = NewCompanyForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            company = _create(form)
        except PortalError as error:
            show(error, form)
        else:
            flash(_("%(company)s is a member; its owner is invited.", company=company.name), "good")
            return redirect(url_for(".detail", ref=company.ref))
    return filled(render_template("accounts/desk/new_company.html", form=form), form)


def _create(form: NewCompanyForm) -> Company:
    """Make the company; its first owner is invited with an owner's rights."""
    by = Inviter(
        person_id=current_user.person_id,
        name=current_user.name,
        rights=roles.MEMBER_ROLES["owner"],
    )
    with transaction():
        company = service.create_company(**form.values())
        service.invite(company, form.owner.data, "owner", by=by)
    return company


@bp.route("/<ref>/suspend", methods=["GET", "POST"])
def suspend(ref: str) -> str | Response:
    """Close the portal to a company's people for the time being, after asking."""
    if request.method == "POST":
        return _set_standing(ref, "member", "suspended", _("The company is suspended."))
    company = queries.company_for(current_user, ref)
    return render_template("accounts/desk/suspend.html", company=company)


@bp.post("/<ref>/reopen")
def reopen(ref: str) -> Response:
    """Let a suspended company's people work again."""
    return _set_standing(ref, "suspended", "member", _("The company’s people can work again."))


def _set_standing(ref: str, before: str, after: str, said: str) -> Response:
    with transaction():
        company = queries.company_for(current_user, ref, lock=True)
        if company.lifecycle != before:
            raise Refused(_("The standing of this company has changed meanwhile."))
        service.set_standing(company, after, by=current_user.person_id)
    flash(said, "good")
    return redirect(url_for(".detail", ref=ref))
