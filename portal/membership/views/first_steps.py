"""Putting the list of first steps away."""

from flask import Blueprint, flash, redirect, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.core.db import transaction
from portal.core.i18n import gettext as _
from portal.membership import onboarding

bp = Blueprint("first_steps", __name__)


@bp.post("/dismiss")
def dismiss() -> Response:
    """Put the list away for everybody in the company."""
    with transaction():
        onboarding.dismiss(current_user._get_current_object())
    flash(_("The list is put away."), "good")
    return redirect(url_for("member.home"))
