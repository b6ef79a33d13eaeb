"""Forms of pages that change stock or orders: each has a key of its own and is carried out once."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request
from flask_login import current_user
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from portal.core import i18n
from portal.core.db import write
from portal.core.errors import Invalid, Refused
from portal.warehousing.floor.commands import new_key
from portal.warehousing.ledger.service.commands import MAX_KEY, Command, once

_AROUND = frozenset({"csrf_token", "key"})
#: Does the work on a connection and returns the sentence that tells of it.
Work = Callable[[Connection], Any]


def carry_out(name: str, work: Work) -> str:
    """Do what a form asks, once for its hidden field ``key``; return what ``work`` said.

    Raises what ``work`` raises.
    """
    said = {key: values for key, values in request.form.lists() if key not in _AROUND}
    key = request.form.get("key", "")[:MAX_KEY]
    command = Command(key if key.isprintable() and key else new_key(), name, said | _where())
    user, language = current_user._get_current_object(), i18n.tag()

    def inside(on: Connection) -> dict[str, Any]:
        told = work(on)
        with i18n.speaking(language):  # who has the turn may speak another one
            return {"say": str(told)}

    return str(write(lambda on: once(command, user, inside, on=on))["say"])


def _where() -> dict[str, Any]:
    return {"where": dict(request.view_args or {})}


def done(name: str, work: Work, back: str) -> Response:
    """Do what a form asks, say what became of it, and lead to ``back``.

    What is refused is said there too; then nothing was done.
    """
    try:
        flash(carry_out(name, work), "good")
    except (Refused, Invalid) as refusal:
        flash(str(refusal.errors[0].message if refusal.errors else refusal), "bad")
    return redirect(back, 303)
