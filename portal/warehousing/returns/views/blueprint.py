"""The part of the portal to which the owner's returns belong."""

from flask import Blueprint
from flask_login import current_user

from portal.accounts.access import User

bp = Blueprint("returns", __name__)


def asker() -> User:
    """Return who asks."""
    user: User = current_user._get_current_object()
    return user
