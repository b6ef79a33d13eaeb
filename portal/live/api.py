"""The same stream by polling."""

import time

from flask import Blueprint, Response, request
from flask_login import current_user

from portal.accounts import login
from portal.accounts.access import User, Visitor
from portal.core import limits
from portal.core.api import as_json
from portal.core.db import db
from portal.live.gates import open_gate
from portal.live.log import Thing
from portal.live.sockets import catch_up, followers

bp = Blueprint("stream_api", __name__)
LONGEST_WAIT_S = 25.0


@bp.get("/stream")
def stream() -> Response:
    """Return the events of a topic since ``after``; wait for one up to ``wait`` seconds."""
    limits.spend("api", current_user.get_id() or limits.address())
    thing = _thing(current_user._get_current_object())
    waited = False
    until = time.monotonic() + _wait_s()
    while True:
        answer, _ = catch_up(thing, request.args.get("after"))
        left_s = until - time.monotonic()
        if answer["events"] or answer["reset"] or left_s <= 0 or not request.args.get("after"):
            if waited:  # what was open then may be shut by now
                _thing(_asker_now())
            return as_json(answer)
        db.session.commit()  # lets go of the snapshot while waiting
        followers.wait(min(left_s, 5.0))
        waited = True


def _thing(user: User | Visitor) -> Thing:
    args = request.args
    return open_gate(user, args.get("topic"), args.get("ref"), args.get("token"))


def _asker_now() -> User | Visitor:
    """Return who asks, with the rights that he has by now."""
    user = current_user._get_current_object()
    if not user.is_authenticated:
        return Visitor()
    found = login.by_request(request) if user.is_program else login.by_session(user.token)
    return found or Visitor()


def _wait_s() -> float:
    try:
        return max(0.0, min(float(request.args.get("wait", "0")), LONGEST_WAIT_S))
    except ValueError:
        return 0.0
