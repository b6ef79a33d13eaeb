"""The centre's own people at the desk."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.accounts import desk_queries as queries
from portal.accounts import service
from portal.accounts.forms import Answer, StaffForm, StaffRoleForm, filled, show
from portal.accounts.roles import RIGHT_NAMES, ROLE_NAMES, STAFF_MATRIX, STAFF_ROLES, order_of
from portal.core.db import transaction
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _

bp = Blueprint("staff_desk", __name__)


@bp.get("/")
def index() -> str:
    """Show who works at the centre, in which role, and what each role may do."""
    return render_template(
        "accounts/desk/staff.html",
        people=queries.staff_for(current_user),
        role_names=ROLE_NAMES,
        right_names=RIGHT_NAMES,
        rights=order_of(STAFF_MATRIX),
        matrix=STAFF_ROLES,
    )


@bp.route("/new", methods=["GET", "POST"])
def create() -> Answer:
    """Let somebody of the centre sign in; a mail brings the link to set a password."""
    form = StaffForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                service.employ(
                    form.email.data, form.name.data, form.role.data, by=current_user.person_id
                )
        except PortalError as error:
            show(error, form)
        else:
            flash(_("%(name)s gets a mail with a link.", name=form.name.data), "good")
            return redirect(url_for(".index"))
    return filled(render_template("accounts/desk/new_staff.html", form=form), form)


@bp.route("/<int(max=9223372036854775807):number>", methods=["GET", "POST"])
def edit(number: int) -> Answer:
    """Give somebody another role, or let him go."""
    person = queries.staff_member_for(current_user, number)
    form = StaffRoleForm(request.form, role=person.staff_role)
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                person = queries.staff_member_for(current_user, number, lock=True)
                service.change_staff_role(person, form.role.data, by=current_user.person_id)
        except PortalError as error:
            show(error, form)
        else:
            flash(_("Saved."), "good")
            return redirect(url_for("sign_in.login" if _is_self(number) else ".index"))
    page = render_template("accounts/desk/edit_staff.html", form=form, person=person)
    return filled(page, form)


@bp.post("/<int(max=9223372036854775807):number>/end-sessions")
def end_sessions(number: int) -> Response:
    """Sign somebody out everywhere."""
    with transaction():
        person = queries.staff_member_for(current_user, number)
        service.end_sign_ins(person.id, by=current_user.person_id)
    flash(_("%(name)s is signed out everywhere.", name=person.name), "good")
    return redirect(url_for("sign_in.login" if _is_self(number) else ".index"))


def _is_self(number: int) -> bool:
    return number == current_user.person_id
