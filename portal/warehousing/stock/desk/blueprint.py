"""The blueprint that the desk's pages of stock share."""

from flask import Blueprint, request
from flask_login import current_user

from portal.accounts.access import User
from portal.core.db import AnyRow
from portal.warehousing.stock.shown.side import Side

bp = Blueprint("stock_desk", __name__)
FILE = "<any(csv, xlsx):format>"


def asker() -> User:
    """Return who asks."""
    user: User = current_user._get_current_object()
    return user


def side() -> Side:
    """Return the desk's side."""
    return Side(asker(), at_desk=True)


def company_id(owners: list[AnyRow]) -> int | None:
    """Return the company of the address; None for all, -1 for one nobody knows."""
    asked = request.args.get("company", "")
    if not asked:
        return None
    return next((row.id for row in owners if row.ref == asked), -1)
