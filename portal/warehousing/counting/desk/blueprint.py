"""The part of the desk to which counts belong."""

from flask import Blueprint
from flask_login import current_user

from portal.accounts.access import User

bp = Blueprint("counts_desk", __name__)


def asker() -> User:
    """Return who of the centre asks."""
    user: User = current_user._get_current_object()
    return user
