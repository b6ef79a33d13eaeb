"""Commands of the floor: a POST with a key of its own that is carried out once.

The same address takes JSON (from ``floor.mjs``) and a plain form (without JavaScript).
"""

import secrets
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar

from flask import Response, flash, redirect, request, url_for
from flask_login import current_user
from sqlalchemy import Connection

from portal.accounts.access import User
from portal.core import i18n
from portal.core.api import as_json, body, parsed
from portal.core.db import write
from portal.core.errors import Invalid, PortalError, SignInNeeded, problem
from portal.core.files import keep_picture
from portal.core.i18n import lazy as _l
from portal.warehousing.floor.said import Answer, Said, Undo
from portal.warehousing.floor.service import presence
from portal.warehousing.ledger.service.commands import Command, once

S = TypeVar("S", bound=Said)
View = Callable[..., Response]
#: Fields of a form that are no part of what is said.
_AROUND = frozenset({"csrf_token", "page"})
#: Fields that differ when the same command is sent again.
_PASSING = frozenset({"key", "who", "sent_at"})
_FLASHES = {"good": "good", "warn": "now", "bad": "bad"}
HOME = "/desk/warehouse/floor"


def is_handheld() -> bool:
    """Return whether ``floor.mjs`` asks, and not a plain form."""
    return request.is_json or request.accept_mimetypes.best == "application/json"


def new_key() -> str:
    """Return a key for a form of a page; with JavaScript the handheld makes its own."""
    return secrets.token_urlsafe(12)


def command(
    name: str, shape: type[S], *, undo: Undo | None = None
) -> Callable[[Callable[..., Answer]], View]:
    """Make a view of ``work(said, by, on, **where) -> Answer``, where ``where`` is from the URL.

    ``work`` runs inside ``write``, perhaps in the turn of somebody else's request: it uses the
    connection ``on`` and its arguments, never ``request``, ``current_user``, ``db.session`` or
    relative endpoints. It refuses by raising PortalError; then nothing is done. ``undo`` takes
    the command back, if its answer said with what.
    """
    if undo is not None:
        presence.UNDOES[name] = undo

    def decorate(work: Callable[..., Answer]) -> View:
        @wraps(work)
        def view(**where: Any) -> Response:
            user = current_user._get_current_object()
            try:
                said = read(shape)
                answer = carry_out(name, said, user, work=work, where=where)
            except PortalError as error:
                return refused(error)
            return answered(answer, said)

        return view

    return decorate


def read(shape: type[S]) -> S:
    """Return what was sent as ``shape``; raises Invalid with a sentence for what is wrong."""
    sent = body() if request.is_json else request.form.to_dict()
    if not isinstance(sent, dict):
        raise Invalid(_l("This must be an object."))
    said = parsed(shape, {name: each for name, each in sent.items() if name not in _AROUND})
    photo = request.files.get("photo")
    if photo and photo.filename:
        said.with_picture(keep_picture(photo.read()).key)
    return said


def carry_out(
    name: str, said: Said, by: User, *, work: Callable[..., Answer], where: Mapping[str, Any]
) -> dict[str, Any]:
    """Do the work once, with the person's presence; return the answer as JSON.

    Raises SignInNeeded for a command that somebody else made on this device.
    """
    if said.who and said.who != str(by.person_id):
        raise SignInNeeded(_l("Somebody else made this step. He signs in to send it."))
    language = i18n.tag()
    asked = {**said.model_dump(mode="json", exclude=set(_PASSING)), "where": dict(where)}

    def inside(on: Connection) -> dict[str, Any]:
        answer = work(said, by, on, **where)
        with i18n.speaking(language):  # who has the turn may speak another one
            told = _told(answer)
        presence.note(presence.Done(said.key, name, told, answer), by, on)
        return told

    return write(lambda on: once(Command(said.key, name, asked), by, inside, on=on))


def _told(answer: Answer) -> dict[str, Any]:
    told = {"cue": answer.cue, "say": str(answer.say), "next": answer.next, **answer.data}
    if answer.undo is not None:
        told["undo"] = dict(answer.undo)
    return told


def answered(answer: dict[str, Any], said: Said) -> Response:
    """Answer a command that was carried out, now or before."""
    hint = _hint(said)
    if is_handheld():
        shown = {**answer, "undo": "undo" in answer}
        return as_json({**shown, "hint": str(hint)} if hint else shown)
    flash(answer["say"], _FLASHES[answer["cue"]])
    if hint:
        flash(hint, "now")
    return redirect(answer["next"] or _page())  # type: ignore[return-value]


def _hint(said: Said) -> Any:
    """Return what to say of a clock that is wrong; None: it is right."""
    minutes = round(abs(said.skew).total_seconds() / 60)
    if not said.skew:
        return None
    if said.skew.total_seconds() > 0:
        return _l(
            "The clock of this device is %(minutes)s min slow. The centre’s time is kept.",
            minutes=minutes,
        )
    return _l(
        "The clock of this device is %(minutes)s min fast. The centre’s time is kept.",
        minutes=minutes,
    )


def refused(error: PortalError) -> Response:
    """Answer a command that was refused: one sentence, and the low sound."""
    say = str(error.errors[0].message if error.errors else error)
    if is_handheld():
        answer = problem(error.status, str(error.title), str(error), error.errors)
        told = {**answer.get_json(), "cue": "bad", "say": say}
        return as_json(told, error.status, **{"Content-Type": "application/problem+json"})
    flash(say, "bad")
    return redirect(_page())  # type: ignore[return-value]


def _page() -> str:
    """Return the page of the floor that a form stood on."""
    page = request.form.get("page", "")
    is_ours = page == HOME or page.startswith((f"{HOME}/", f"{HOME}?"))
    return page if is_ours and "\\" not in page else url_for("floor.index")
