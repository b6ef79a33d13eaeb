"""Colleagues of a company: who they are, what each may do, inviting and letting go."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.accounts import queries, roles, service
from portal.accounts.forms import Answer, InviteForm, RoleForm, filled, show
from portal.accounts.service.colleagues import Inviter
from portal.core import limits
from portal.core.db import transaction
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _

bp = Blueprint("colleagues", __name__)


def _inviter() -> Inviter:
    return Inviter(
        person_id=current_user.person_id, name=current_user.name, rights=current_user.rights
    )


@bp.get("/")
def index() -> str:
    """Show who works here, in which role, and what each role may do."""
    return render_template(
        "accounts/colleagues/index.html",
        colleagues=queries.colleagues_of(current_user),
        invitations=queries.invitations_of(current_user) if _manages() else [],
        role_names=roles.ROLE_NAMES,
        right_names=roles.RIGHT_NAMES,
        rights=roles.order_of(roles.MEMBER_MATRIX),
        matrix=roles.MEMBER_ROLES,
        may_grant=lambda role: roles.may_grant(current_user.rights, role),
    )


def _manages() -> bool:
    return bool(current_user.may("colleagues.manage"))


@bp.route("/invite", methods=["GET", "POST"])
def invite() -> Answer:
    """Invite somebody by mail."""
    form = InviteForm(request.form).offer(current_user.rights)
    if request.method == "POST" and form.validate():
        limits.spend("message", "invitations", current_user.person_id)
        try:
            with transaction():
                company = queries.company_by_id(current_user.company_id)
                service.invite(company, form.email.data, form.role.data, by=_inviter())
        except PortalError as error:
            show(error, form)
        else:
            flash(_("The invitation to %(email)s is on its way.", email=form.email.data), "good")
            return redirect(url_for(".index"))
    return filled(render_template("accounts/colleagues/invite.html", form=form), form)


@bp.post("/invitations/<ref>/resend")
def resend(ref: str) -> Response:
    """Mail an invitation again."""
    limits.spend("message", "invitations", current_user.person_id)
    with transaction():
        invitation = queries.invitation_for(current_user, ref)
        company = queries.company_by_id(invitation.company_id)
        service.resend(invitation, company, by=_inviter())
    flash(_("The invitation to %(email)s is on its way.", email=invitation.email), "good")
    return redirect(url_for(".index"))


@bp.post("/invitations/<ref>/withdraw")
def withdraw(ref: str) -> Response:
    """Make an invitation worthless."""
    with transaction():
        invitation = queries.invitation_for(current_user, ref)
        service.withdraw(invitation, by=current_user.person_id)
    flash(_("The invitation to %(email)s is withdrawn.", email=invitation.email), "good")
    return redirect(url_for(".index"))


@bp.route("/<int(max=9223372036854775807):number>", methods=["GET", "POST"])
def edit(number: int) -> Answer:
    """Give a colleague another role."""
    colleague, person = queries.colleague_for(current_user, number)
    form = RoleForm(request.form, role=colleague.role).offer(current_user.rights)
    if request.method == "POST" and form.validate():
        try:
            _change(number, form.role.data)
        except PortalError as error:
            show(error, form)
        else:
            flash(_("%(name)s has another role now.", name=person.name), "good")
            return _back(person.id)
    page = render_template(
        "accounts/colleagues/edit.html", form=form, colleague=colleague, person=person
    )
    return filled(page, form)


@bp.route("/<int(max=9223372036854775807):number>/remove", methods=["GET", "POST"])
def remove(number: int) -> Answer:
    """Let a colleague go, after asking."""
    colleague, person = queries.colleague_for(current_user, number)
    if request.method == "POST":
        _change(number, None)
        flash(_("%(name)s no longer works here.", name=person.name), "good")
        return _back(person.id)
    return render_template("accounts/colleagues/remove.html", colleague=colleague, person=person)


def _change(number: int, role: str | None) -> None:
    with transaction():
        colleague, _person = queries.colleague_for(current_user, number, lock=True)
        service.change_role(
            colleague, role, by=_inviter(), company_name=current_user.company_name or ""
        )


def _back(person_id: int) -> Response:
    """Return to the list, unless it may be closed to the person himself now."""
    own = person_id == current_user.person_id
    return redirect(url_for("sign_in.login" if own else ".index"))
