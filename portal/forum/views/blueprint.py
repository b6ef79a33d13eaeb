"""The blueprint of the club, and who enters it."""

from typing import Any

from flask import Blueprint
from flask_login import current_user

from portal.accounts.access import User
from portal.core import clock, i18n
from portal.core.db import end_reading, write
from portal.core.errors import Forbidden, Refused
from portal.core.i18n import gettext as _
from portal.forum.queries import order, spaces
from portal.forum.service import people

bp = Blueprint("club", __name__)


def reader() -> User:
    """Return who asks."""
    user: User = current_user._get_current_object()
    return user


def entered() -> tuple[User, Any]:
    """Return who asks and his profile, made where he is here for the first time.

    Raises Forbidden while he may not enter.
    """
    user = reader()
    check_open(user)
    profile = spaces.profile_of(user)
    today = clock.now().astimezone(clock.zone()).date()
    if profile is None or profile.last_seen_on != today:
        end_reading()
        profile = write(lambda on: people.enter(user, on=on))
    return user, profile


def check_open(user: User) -> None:
    """Raise Forbidden while somebody is suspended."""
    found = order.sanction_of(user)
    if found is not None and found.kind == "suspension":
        raise Forbidden(_said(found, _("You may not enter the club until %(until)s: %(reason)s")))


def check_voice(user: User) -> None:
    """Raise Refused while somebody is silenced."""
    found = order.sanction_of(user)
    if found is not None:
        raise Refused(_said(found, _("You may read, but not write until %(until)s: %(reason)s")))


def _said(sanction: Any, text: str) -> str:
    return text % {"until": i18n.full_instant(sanction.until), "reason": sanction.reason}
