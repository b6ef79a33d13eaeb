"""The desk's part for pages; its views bind themselves to this."""

from typing import cast

from flask import Blueprint
from flask_login import current_user

from portal.accounts.access import User

bp = Blueprint("pages_desk", __name__)
#: Key of the session under which a new preview link waits for its page to show it.
PREVIEW_SHOWN = "preview link"


def user() -> User:
    """Return who works here, as services want it."""
    return cast("User", current_user._get_current_object())
