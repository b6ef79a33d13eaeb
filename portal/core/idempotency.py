"""``Idempotency-Key``: a write that is sent twice happens once and answers the same.

Keys are kept per (company, person, route, key) with the request's hash for 24 hours. A key is
taken, durably, before the work begins, and is free again only if the work was surely undone.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from flask import Response, current_app, request
from flask_login import current_user
from sqlalchemy import UniqueConstraint, delete, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock, limits, tokens
from portal.core.db import AnyRow, Base, Identity, Instant, changed, db, transaction
from portal.core.errors import Invalid, Refused
from portal.core.i18n import lazy as _l

KEPT_FOR = timedelta(hours=24)
ABANDONED_AFTER = timedelta(minutes=2)  # the process that began it died
MAX_KEY = 200  # characters
RUNNING = _l("The first request with this key is still running.")
UNANSWERED = _l(
    "The first request with this key ended without an answer. "
    "Look whether it was carried out; if not, send it again with a new key."
)


class IdempotencyKey(Base):
    """A key that was used, and the answer that it got (None while the first one runs)."""

    __tablename__ = "idempotency_key"
    __table_args__ = (UniqueConstraint("owner", "route", "key"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    owner: Mapped[str]  # company and person
    route: Mapped[str]
    key: Mapped[str]
    request_hash: Mapped[str]
    status: Mapped[int | None]
    body: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(Instant, index=True)


def idempotent(view: Callable[..., Response]) -> Callable[..., Response]:
    """Let callers of this write repeat it safely by sending ``Idempotency-Key``.

    Raises Invalid if the key comes again with another request, Refused while the first runs.
    """

    @wraps(view)
    def once(*args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return view(*args, **kwargs)
        slot = _begin(_name(key))
        if isinstance(slot, Response):
            return slot
        try:
            answer = view(*args, **kwargs)
        except BaseException as error:
            if not _is_in_doubt(error):
                _forget(slot)
            raise
        _keep(slot, answer)
        return answer

    return once


def _is_in_doubt(error: BaseException) -> bool:
    """Return whether nobody knows if the work was committed: the connection died over it.

    The key then stays taken, so that whoever repeats the request is told to look first.
    """
    if not isinstance(error, DBAPIError):
        return False
    return error.connection_invalidated or "disk I/O error" in str(error.orig)


def _name(key: str) -> dict[str, str]:
    if not 1 <= len(key) <= MAX_KEY or not key.isprintable():
        raise Invalid(_l("An Idempotency-Key has 1 to 200 printable characters."))
    asked = request.query_string + b"\n" + request.get_data(cache=True)
    return {
        "owner": _owner(),
        "route": f"{request.method} {request.path}",
        "key": key,
        "request_hash": hashlib.sha256(asked).hexdigest(),
    }


def _owner() -> str:
    """Return whose keys these are: a person's in a company, or those of a visitor's address.

    Visitors share no keys: an answer may hold the secret link of who sent the first request.
    """
    if current_user.person_id is not None:
        return f"{current_user.company_id}/{current_user.person_id}"
    secret = current_app.config["SECRET_KEY"]
    return "visitor " + tokens.digest(f"{secret} {limits.address()}")[:24]


def _begin(name: dict[str, str]) -> int | Response:
    try:
        with transaction():
            return _insert(name)
    except IntegrityError:
        return _again(name)


def _insert(name: dict[str, str]) -> int:
    table = IdempotencyKey.__table__
    row = insert(table).values(**name, created_at=clock.now()).returning(table.c.id)
    return int(db.session.execute(row).scalar_one())


def _again(name: dict[str, str]) -> Response:
    table = IdempotencyKey.__table__
    kept = db.session.execute(
        select(table).where(
            table.c.owner == name["owner"],
            table.c.route == name["route"],
            table.c.key == name["key"],
        )
    ).first()
    if kept is None:
        raise Refused(_l("The first request with this key was undone. Please send it again."))
    if kept.request_hash != name["request_hash"]:
        raise Invalid(_l("This Idempotency-Key was used for a different request."))
    if kept.status is None:
        raise Refused(UNANSWERED if _is_dead(kept) else RUNNING)
    answer = Response(kept.body, kept.status, mimetype="application/json")
    answer.headers["Idempotency-Replayed"] = "true"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _is_dead(kept: AnyRow) -> bool:
    """Return whether the process of the first request died: its work may be done or not."""
    return bool(kept.created_at < clock.now() - ABANDONED_AFTER)


def _keep(slot: int, answer: Response) -> None:
    table = IdempotencyKey.__table__
    values = {"status": answer.status_code, "body": answer.get_data(as_text=True)}
    with transaction():
        db.session.execute(update(table).where(table.c.id == slot).values(**values))


def _forget(slot: int) -> None:
    with transaction():
        db.session.execute(delete(IdempotencyKey).where(IdempotencyKey.id == slot))


def tidy() -> int:
    """Delete keys past their time; return how many.

    A key whose request died is kept as long: freeing it could do the work twice.
    """
    table = IdempotencyKey.__table__
    with transaction():
        return changed(delete(table).where(table.c.created_at < clock.now() - KEPT_FOR))
