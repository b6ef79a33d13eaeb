"""Changing what is known of a company, and what was agreed with it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from portal.accounts import desk_queries as queries
from portal.accounts import offers, register, service
from portal.accounts.company_forms import AgreedForm
from portal.accounts.forms import Answer, filled
from portal.accounts.views.desk.companies.blueprint import asker, bp
from portal.core.db import transaction
from portal.core.i18n import gettext as _


@bp.route("/<ref>/edit", methods=["GET", "POST"])
def edit(ref: str) -> Answer:
    """Change a company's details and terms; the history keeps what they were."""
    user = asker()
    company = queries.company_for(user, ref)
    sent = request.form if request.method == "POST" else None  # boxes that are not sent are empty
    form = AgreedForm(sent, data=AgreedForm.data_of(company))
    _offer(form, company)
    if request.method == "POST" and form.validate():
        with transaction():
            company = queries.company_for(user, ref, lock=True)
            service.change_company(company, form.values(), by=user.person_id)
        flash(_("Saved."), "good")
        return redirect(url_for(".detail", ref=ref))
    page = render_template("accounts/desk/edit_company.html", form=form, company=company)
    return filled(page, form)


def _offer(form: AgreedForm, company: Any) -> None:
    """Offer the tariffs and people there are; one that is gone stays until another is chosen."""
    tariffs = dict(offers.tariffs())
    if company.tariff:
        tariffs.setdefault(company.tariff, company.tariff)
    people = {str(number): name for number, name in register.managers()}
    if company.account_manager_id:
        name = queries.name_of(company.account_manager_id)
        people.setdefault(str(company.account_manager_id), name)
    form.tariff.choices = [("", _("not agreed yet")), *tariffs.items()]
    form.manager.choices = [("", _("nobody yet")), *people.items()]
