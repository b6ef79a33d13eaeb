"""The member's pages of goods."""

from flask import Blueprint
from flask_login import current_user

from portal.accounts.access import User

bp = Blueprint("goods", __name__)


def asker() -> User:
    """Return who asks."""
    user: User = current_user._get_current_object()
    return user
