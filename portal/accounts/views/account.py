"""One's own account: where one is signed in, the password, name and language."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.accounts import queries, service
from portal.accounts.forms import Answer, PasswordChangeForm, ProfileForm, filled
from portal.accounts.rules import browser_name
from portal.accounts.views.sign_in import enter, open_session
from portal.core import limits
from portal.core.db import transaction
from portal.core.errors import Forbidden, NotFound
from portal.core.i18n import COOKIE
from portal.core.i18n import gettext as _

bp = Blueprint("account", __name__)


@bp.before_request
def refuse_programs() -> None:
    """Keep programs out: a key must not reach passwords and sessions, whatever its rights."""
    if current_user.is_program:
        raise Forbidden(_("This page is for people who have signed in."))


@bp.get("/sessions")
def sessions() -> str:
    """Show where the person is signed in."""
    rows = queries.sessions_of(current_user)
    return render_template("accounts/sessions.html", rows=rows, browser_name=browser_name)


@bp.post("/sessions/<int(max=9223372036854775807):number>/end")
def end_session(number: int) -> Response:
    """Sign out one other browser."""
    with transaction():
        ended = service.end_sign_ins(current_user.person_id, [number], by=current_user.person_id)
    if not ended:
        raise NotFound(_("This session has ended already."))
    flash(_("That browser is signed out."), "good")
    return redirect(url_for(".sessions"))


@bp.post("/sessions/end-others")
def end_others() -> Response:
    """Sign out every browser but this one."""
    others = [
        row.id for row in queries.sessions_of(current_user) if row.id != current_user.sign_in_id
    ]
    with transaction():
        service.end_sign_ins(current_user.person_id, others, by=current_user.person_id)
    flash(_("Every other browser is signed out."), "good")
    return redirect(url_for(".sessions"))


@bp.get("/standing")
def standing() -> str:
    """Say why neither the member area nor the desk is open to this person."""
    return render_template("accounts/standing.html", company=queries.own_company(current_user))


@bp.route("/password", methods=["GET", "POST"])
def password() -> Answer:
    """Change one's password; every other browser is signed out."""
    form = PasswordChangeForm(request.form)
    if request.method == "POST" and form.validate():
        limits.spend("sign_in", "password", current_user.person_id)
        tried = service.try_password(current_user.email, form.present.data)
        if tried.right:
            return _change_password(form.password.data)
        form.present.errors = [_("This is not your present password.")]
    return filled(render_template("accounts/password.html", form=form), form)


def _change_password(wanted: str) -> Response:
    with transaction():
        person = queries.person_of(current_user)
        service.set_password(person, wanted, by=person.id)
        service.tell_password_changed(person)
        token = open_session(person)
    enter(token)
    flash(_("Your password is changed. Every other browser is signed out."), "good")
    return redirect(url_for(".sessions"))


@bp.route("/profile", methods=["GET", "POST"])
def profile() -> Answer:
    """Change name, language and time zone."""
    person = queries.person_of(current_user)
    form = ProfileForm(request.form, obj=person)
    if request.method == "POST" and form.validate():
        with transaction():
            service.change_profile(queries.person_of(current_user), **form.values())
        flash(_("Saved."), "good")
        answer = redirect(url_for(".profile"))
        if form.locale.data:
            answer.delete_cookie(COOKIE)  # what was chosen here holds from now on
        return answer
    return filled(render_template("accounts/profile.html", form=form), form)
