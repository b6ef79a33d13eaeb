"""Following an invitation: a new person says his name, a known one signs in first."""

from flask import Blueprint, flash, redirect, render_template, request
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.accounts import queries, service
from portal.accounts.forms import Answer, JoinForm, filled
from portal.accounts.models import Invitation
from portal.accounts.service.people import find_person
from portal.accounts.views.sign_in import enter, open_session
from portal.accounts.views.ways import home_of
from portal.core import limits
from portal.core.db import transaction
from portal.core.errors import Refused
from portal.core.i18n import gettext as _
from portal.core.i18n import tag

bp = Blueprint("invitations", __name__)


@bp.route("/invitations/<token>", methods=["GET", "POST"])
def accept(token: str) -> Answer:
    """Let the invited person become a colleague."""
    form = JoinForm(request.form)
    invitation = service.invitation_of(token)
    known = find_person(invitation.email)
    if request.method == "POST":
        limits.spend("sign_in")
        if known is not None:
            return _join_known(token)
        if form.validate():
            return _join_new(token, form)
    page = render_template(
        "accounts/invitation.html",
        form=form,
        invitation=invitation,
        inviter=queries.inviter_of(invitation),
        company=queries.company_by_id(invitation.company_id),
        known=known,
        token=token,
    )
    return filled(page, form)


def _join_known(token: str) -> Response:
    """Take in somebody who is signed in under the invited address."""
    with transaction():
        invitation = service.invitation_of(token, lock=True)
        if not current_user.is_authenticated or current_user.is_program:
            raise Refused(_("Sign in as %(email)s first.", email=invitation.email))
        person = queries.person_of(current_user)
        service.accept(invitation, person)
        session_token = open_session(person)
    return _welcome(invitation, session_token)


def _join_new(token: str, form: JoinForm) -> Response:
    """Make the invited person known and take him in."""
    with transaction():
        invitation = service.invitation_of(token, lock=True)
        person = service.create_person(
            invitation.email, form.name.data, form.password.data, locale=tag()
        )
        service.accept(invitation, person)
        session_token = open_session(person)
    return _welcome(invitation, session_token)


def _welcome(invitation: Invitation, session_token: str) -> Response:
    enter(session_token)
    company = queries.company_by_id(invitation.company_id)
    flash(_("Welcome. You are now a colleague at %(company)s.", company=company.name), "good")
    return redirect(home_of(current_user))
