"""Who asks, and what a form asks for done once, for the pages of members and of the desk."""

from collections.abc import Callable
from typing import Any

from flask import request
from flask_login import current_user
from sqlalchemy import Connection

from portal.accounts.access import User
from portal.core.db import write
from portal.warehousing.ledger.service.commands import Answer, Command, once

#: Fields of a form that are no part of what is said.
_AROUND = frozenset({"csrf_token", "once"})


def asker() -> User:
    """Return who asks."""
    user: User = current_user._get_current_object()
    return user


def carried_out(name: str, key: str, work: Callable[[Connection], Answer | None]) -> Answer:
    """Do what a form asks for once, by the key that was made when it was shown.

    Without a key (a form of another page) it is done each time.
    """
    user = asker()
    said: dict[str, Any] = {
        field: values for field, values in request.form.lists() if field not in _AROUND
    }
    said["path"] = request.path

    def inside(on: Connection) -> Answer:
        return work(on) or {}

    if not key:
        return write(inside)
    return write(lambda on: once(Command(key, name, said), user, inside, on=on))
