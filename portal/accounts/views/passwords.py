"""A forgotten password: asking for a link by mail, and setting a new one by it."""

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from portal.accounts import service
from portal.accounts.forms import Answer, NewPasswordForm, ResetForm, filled
from portal.accounts.service.people import find_person
from portal.accounts.views.sign_in import enter, open_session
from portal.core import limits
from portal.core.db import transaction
from portal.core.i18n import gettext as _

bp = Blueprint("passwords", __name__)


@bp.route("/password/reset", methods=["GET", "POST"])
def reset() -> Answer:
    """Mail a link to whoever has forgotten his password; the answer is always the same."""
    form = ResetForm(request.form)
    if request.method == "POST" and form.validate():
        limits.spend("password_reset")
        with transaction():
            person = find_person(form.email.data)
            if person is not None:
                service.mail_reset(person)
        return render_template("accounts/reset_sent.html", email=form.email.data)
    return filled(render_template("accounts/reset.html", form=form), form)


@bp.route("/password/reset/<token>", methods=["GET", "POST"])
def choose(token: str) -> Answer:
    """Set a new password by a link that was mailed; it works once."""
    form = NewPasswordForm(request.form)
    if request.method == "POST" and form.validate():
        return _set(token, form.password.data)
    person = service.person_of_reset(token)
    return filled(render_template("accounts/choose.html", form=form, person=person), form)


def _set(token: str, password: str) -> Response:
    limits.spend("sign_in")
    with transaction():
        person = service.person_of_reset(token, use=True)
        service.set_password(person, password, by=person.id)
        service.tell_password_changed(person)
        session_token = open_session(person)
    onward = enter(session_token)
    flash(_("Your new password is set, and you are signed in."), "good")
    return redirect(onward)
