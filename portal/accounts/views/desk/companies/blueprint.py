"""The blueprint, and who asks."""

from flask import Blueprint
from flask_login import current_user

from portal.accounts.access import User

bp = Blueprint("companies_desk", __name__)
PAGE = "companies"  # name of the list to which saved views belong


def asker() -> User:
    """Return who asks, for what goes on after the view has returned."""
    user: User = current_user._get_current_object()
    return user
