"""The blueprint that the pages of stock share."""

from flask import Blueprint
from flask_login import current_user

from portal.accounts.access import User
from portal.warehousing.stock.shown.side import Side

bp = Blueprint("stock", __name__)
FILE = "<any(csv, xlsx):format>"


def asker() -> User:
    """Return who asks."""
    user: User = current_user._get_current_object()
    return user


def side() -> Side:
    """Return the member's side."""
    return Side(asker(), at_desk=False)
