"""Who enters the club, who has a voice in it, and whose first texts are looked at."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import g
from flask_login import current_user
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from portal.accounts.access import User
from portal.core import clock, i18n
from portal.core.db import end_reading, write
from portal.core.errors import Forbidden, Refused
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy as _l
from portal.forum.queries import order as queries
from portal.forum.queries import spaces
from portal.forum.rules import order
from portal.forum.service import people

T = TypeVar("T")


class KeptOut(Forbidden):
    """Somebody is suspended: he may read why, and ask for another look."""

    advice = _l("What was decided stands among your entries; there you may ask for another look.")
    way = (_l("My entries"), "club.me")


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
    """Raise KeptOut while somebody is suspended; note for the page that he is silenced."""
    found = queries.sanction_of(user)
    g.silenced = _silenced(found) if found is not None else None
    if found is not None and found.kind == "suspension":
        raise KeptOut(_said(found, _("You may not enter the club until %(until)s: %(reason)s")))


def check_voice(user: User) -> None:
    """Raise Refused while somebody is silenced."""
    found = queries.sanction_of(user)
    if found is not None:
        raise Refused(_silenced(found))


def _silenced(sanction: Any) -> str:
    return _said(sanction, _("You may read, but not write until %(until)s: %(reason)s"))


def _said(sanction: Any, text: str) -> str:
    return text % {"until": i18n.full_instant(sanction.until), "reason": sanction.reason}


def check_known(user: User, profile: Any) -> None:
    """Raise Refused while somebody's texts are looked at first: what was let through stays so."""
    if is_held(user, profile):
        raise Refused(
            _(
                "A moderator reads your first texts. This one can be edited as soon as the next "
                "is shown; until then write a reply with what has changed."
            )
        )


def is_held(user: User, profile: Any) -> bool:
    """Return whether a text of somebody is looked at before it is shown."""
    moderates = user.is_staff or user.may("club.moderate")
    return order.is_looked_at_first(profile.trust, profile.posts_written, may_moderate=moderates)


def once(work: Callable[[Connection], T]) -> T:
    """Write something that was perhaps sent twice at the same moment.

    Where the other one was first, it is found the second time.
    """
    try:
        return write(work)
    except IntegrityError:
        return write(work)
