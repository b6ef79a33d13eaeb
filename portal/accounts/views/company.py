"""The company's own details."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.accounts import queries, service
from portal.accounts.company_forms import CompanyForm, country_name
from portal.accounts.forms import Answer, filled
from portal.accounts.service import confirming
from portal.core.db import transaction
from portal.core.i18n import gettext as _

bp = Blueprint("company", __name__)


@bp.get("/")
def index() -> str:
    """Show what the centre knows of the company."""
    company = queries.company_by_id(current_user.company_id)
    return render_template(
        "accounts/company/index.html",
        company=company,
        country_name=country_name,
        confirm_state=confirming.state_of(company),
        confirm_by=confirming.due_on(company),
    )


@bp.post("/confirm")
def confirm() -> Response:
    """Say that all of it is still true."""
    with transaction():
        company = queries.company_by_id(current_user.company_id)
        confirming.confirm(company, by=current_user.person_id)
    flash(_("Thank you. We ask again in a year."), "good")
    return redirect(url_for(".index"))


@bp.route("/edit", methods=["GET", "POST"])
def edit() -> Answer:
    """Change the company's details and who sends by default."""
    company = queries.company_by_id(current_user.company_id)
    form = CompanyForm(request.form, data=CompanyForm.data_of(company))
    if request.method == "POST" and form.validate():
        with transaction():
            company = queries.company_by_id(current_user.company_id)
            service.change_company(company, form.values(), by=current_user.person_id)
            confirming.confirm(company, by=current_user.person_id)
        flash(_("Saved."), "good")
        return redirect(url_for(".index"))
    return filled(render_template("accounts/company/edit.html", form=form), form)
