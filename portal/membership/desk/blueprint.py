"""The blueprints of the desk's pages."""

from typing import cast

from flask import Blueprint
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.accounts.access import User

bp = Blueprint("applications_desk", __name__)
questions_bp = Blueprint("questions_desk", __name__)
Answer = str | Response | tuple[str, int]


def user() -> User:
    """Return who asks."""
    return cast("User", current_user._get_current_object())
