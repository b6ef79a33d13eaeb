"""Signing in and out, and changing the company one works for."""

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from portal.accounts import login as cookies
from portal.accounts import queries, service
from portal.accounts.forms import Answer, SignInForm, filled
from portal.accounts.models import Person
from portal.accounts.roles import ROLE_NAMES
from portal.accounts.views.ways import home_of, local_path, onward
from portal.core import limits
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _

bp = Blueprint("sign_in", __name__)
DEMO_PASSWORD = "quayside-demo"  # noqa: S105 - published, and only where DEMO is on


@bp.route("/login", methods=["GET", "POST"])
def login() -> Answer:
    """Let somebody sign in."""
    form = SignInForm(request.form)
    if request.method == "POST" and form.validate():
        limits.spend("sign_in")
        tried = service.try_password(form.email.data, form.password.data)
        with transaction():
            person = service.settle(tried)
            token = open_session(person) if person else None
        if token:
            return redirect(enter(token))
        form.form_errors.append(service.wrong_password())
    elif request.method == "GET" and current_user.is_authenticated:
        return redirect(onward(current_user))
    return _page(form)


def _page(form: SignInForm) -> Answer:
    demo = queries.demo_sign_ins() if current_app.config["DEMO"] else []
    page = render_template(
        "accounts/login.html",
        form=form,
        demo=demo,
        demo_password=DEMO_PASSWORD,
        role_names=ROLE_NAMES,
        next=local_path(request.values.get("next")),
    )
    return filled(page, form)


def open_session(person: Person) -> str:
    """Sign ``person`` in within the current transaction; return the token for ``enter``.

    A session that this browser had ends.
    """
    if current_user.is_authenticated and current_user.sign_in_id is not None:
        end_present()
    lasts = current_app.config["PERMANENT_SESSION_LIFETIME"]
    return service.sign_in(person, browser=request.user_agent.string, lasts=lasts)


def end_present() -> None:
    """End this browser's session within the current transaction."""
    person_id = current_user.person_id
    service.end_sign_ins(person_id, [current_user.sign_in_id], by=person_id)


def enter(token: str) -> str:
    """Give this browser the session ``token``, and nothing of what it held before.

    Returns where to go on.
    """
    session.clear()
    session.permanent = True
    user = cookies.by_session(token)
    login_user(user)
    return onward(current_user)


@bp.get("/logout")
def leave() -> str | Response:
    """Ask whether to sign out: a mere link must not end a session."""
    if not current_user.is_authenticated:
        return redirect(url_for(".login"))
    return render_template("accounts/leave.html")


@bp.post("/logout")
def logout() -> Response:
    """End this session."""
    if current_user.is_authenticated and current_user.sign_in_id is not None:
        with transaction():
            end_present()
    logout_user()
    session.clear()
    flash(_("You are signed out."), "good")
    return redirect(url_for(".login"))


@bp.post("/switch-company")
def switch_company() -> Response:
    """Work for another of one's companies in this browser."""
    if not current_user.is_authenticated or current_user.sign_in_id is None:
        raise NotFound(_("There is no such company."))
    with transaction():
        company = queries.company_of(current_user, request.form.get("company", ""))
        service.switch_company(current_user.sign_in_id, company)
    flash(_("You now work for %(company)s.", company=company.name), "good")
    logged = cookies.by_session(current_user.token)
    return redirect(home_of(logged or current_user))


__all__ = ["bp", "enter", "open_session"]
