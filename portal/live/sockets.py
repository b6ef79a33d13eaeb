"""Socket.IO: a client asks for a thing, never for a room."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import structlog
from flask import Flask, request, session
from flask_socketio import ConnectionRefusedError, Namespace
from sqlalchemy.exc import SQLAlchemyError

from portal.accounts import login
from portal.accounts.access import User, Visitor
from portal.core import events, limits
from portal.core.db import db
from portal.core.errors import PortalError, TooMany
from portal.live import log, typing
from portal.live.engine import SocketIO
from portal.live.followers import NAMESPACE, Client, Followers
from portal.live.gates import open_gate

logger = structlog.get_logger()
MOST_SOCKETS = 40  # of one person
MOST_VISITORS = 200  # of one address where nobody is signed in: an office, a network's gateway
MOST_THINGS = 300  # that one socket follows


class Json:
    """orjson in the shape that python-socketio calls."""

    @staticmethod
    def dumps(value: Any, **_options: Any) -> str:
        """Return compact JSON."""
        return orjson.dumps(value).decode()

    @staticmethod
    def loads(text: str | bytes, **_options: Any) -> Any:
        """Return the value of a JSON text."""
        return orjson.loads(text)


class _InOurLog(logging.Filter):
    """Writes what fails in a socket into our own log: without what the client has sent."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Take over errors; let other lines pass."""
        if not record.exc_info:
            return True
        logger.error("socket.failed", exc_info=record.exc_info[1])
        return False


_in_our_log = _InOurLog()
socketio = SocketIO()
followers = Followers(socketio)


def init_app(app: Flask) -> None:
    """Serve sockets beside ``app``, over websocket only: no sticky sessions are needed."""
    logging.getLogger("engineio.server").addFilter(_in_our_log)
    if log.relay_at_commit not in events.at_commit:
        events.at_commit.append(log.relay_at_commit)
    socketio.init_app(
        app,
        async_mode="threading" if app.config["TESTING"] else "gevent",
        transports=["websocket"],
        cors_allowed_origins=_origins(app),
        manage_session=False,
        json=Json,
        max_http_buffer_size=64 * 1024,
        ping_interval=20,
        ping_timeout=15,
    )


def _origins(app: Flask) -> list[str] | None:
    """Return the origins allowed besides the one that served the page."""
    return None if app.config["TESTING"] else [app.config["PUBLIC_URL"], *_local(app)]


def _local(app: Flask) -> list[str]:
    port = app.config["PUBLIC_URL"].rpartition(":")[2]
    if not port.isdigit():
        return []
    return [f"http://127.0.0.1:{port}", f"http://localhost:{port}"]


class Live(Namespace):
    """The messages of architecture.md §3."""

    def on_connect(self, auth: Any = None, *_more: Any) -> None:
        """Take a socket of a signed-in person, a program with a key, or a visitor with links."""
        with _hanging_up(request.sid):  # type: ignore[attr-defined]
            self._take(auth)

    def _take(self, auth: Any) -> None:
        key = auth.get("api_key") or auth.get("token") if isinstance(auth, dict) else None
        token = key if isinstance(key, str) else session.get("_user_id", "")
        since = followers.position  # what ends this right from now on stands behind it in the log
        user = _asker(token)
        if key and not user.is_authenticated:
            raise ConnectionRefusedError("unauthorized")
        if self._crowded(user):
            raise ConnectionRefusedError("too_many")
        eio_sid = socketio.server.manager.eio_sid_from_sid(request.sid, NAMESPACE)  # type: ignore[attr-defined]
        followers.add(
            Client(
                sid=request.sid,  # type: ignore[attr-defined]
                eio_sid=eio_sid,
                person_id=user.person_id,
                sign_in_id=getattr(user, "sign_in_id", None),
                api_key_id=getattr(user, "api_key_id", None),
                token=token,
                address=limits.address(),
                until=user.until,
            ),
            since=since,
        )

    def _crowded(self, user: User | Visitor) -> bool:
        """Return whether this person, or this address of visitors, has enough sockets open."""
        if user.person_id is None:
            here = limits.address()
            alike = (c for c in followers.clients.values() if c.is_visitor_at(here))
            return sum(1 for _ in alike) >= MOST_VISITORS
        alike = (c for c in followers.clients.values() if c.person_id == user.person_id)
        return sum(1 for _ in alike) >= MOST_SOCKETS

    def on_disconnect(self, _reason: Any = None) -> None:
        """Forget a socket."""
        followers.remove(request.sid)  # type: ignore[attr-defined]

    def on_follow(self, asked: Any = None, *_more: Any) -> dict[str, Any]:
        """Follow a thing; the answer holds what was missed since ``after``, in order."""
        sid = request.sid  # type: ignore[attr-defined]
        try:
            with _hanging_up(sid):
                return _follow(sid, asked if isinstance(asked, dict) else {})
        except PortalError as error:
            code = "too_many" if error.status == 429 else "not_found"
            return {"ok": False, "error": {"code": code, "message": str(error)}}
        except ConnectionRefusedError as error:
            return {"ok": False, "error": {"code": "unavailable", "message": str(error)}}

    def on_unfollow(self, asked: Any = None, *_more: Any) -> dict[str, Any]:
        """Follow a thing no longer."""
        if isinstance(asked, dict):
            topic, ref = str(asked.get("topic", "")), str(asked.get("ref", ""))
            followers.leave(request.sid, topic, ref)  # type: ignore[attr-defined]
        return {"ok": True}

    def on_typing(self, asked: Any = None, *_more: Any) -> dict[str, Any]:
        """Tell who reads along that this person writes; nothing of it is kept."""
        client = followers.clients.get(request.sid)  # type: ignore[attr-defined]
        user = _asker(client.token) if client is not None else None
        if client is None or not isinstance(user, User) or not isinstance(asked, dict):
            return {"ok": False}
        topic, ref = str(asked.get("topic", "")), str(asked.get("ref", ""))
        try:
            return {"ok": typing.tell(followers, client, user, topic=topic, ref=ref)}
        except TooMany:
            return {"ok": False, "error": {"code": "too_many", "message": ""}}
        finally:
            db.session.remove()


socketio.on_namespace(Live(NAMESPACE))


@contextmanager
def _hanging_up(sid: str) -> Iterator[None]:
    """Hang up if the database is away: the client comes again by itself, until it is there."""
    try:
        yield
    except SQLAlchemyError as error:
        db.session.remove()
        logger.warning("socket.database_away", error=type(error).__name__)
        eio_sid = socketio.server.manager.eio_sid_from_sid(sid, NAMESPACE)
        socketio.server.eio.disconnect(eio_sid)
        raise ConnectionRefusedError("unavailable") from error


def _asker(token: str) -> User | Visitor:
    if not token:
        return Visitor()
    return login.by_session(token) or login.by_key(token) or Visitor()


def _follow(sid: str, asked: dict[str, Any]) -> dict[str, Any]:
    client = followers.clients.get(sid)
    if client is None:
        return {"ok": False, "error": {"code": "not_found", "message": ""}}
    limits.spend("follow", sid)
    if len(client.things) >= MOST_THINGS:
        return {"ok": False, "error": {"code": "too_many", "message": ""}}
    since = followers.position
    thing = open_gate(
        _asker(client.token), asked.get("topic"), asked.get("ref"), asked.get("token")
    )
    answer, position = catch_up(thing, asked.get("after"))
    # Nothing below may wait: the reader must not get a turn between joining and the answer.
    db.session.remove()
    if answer["reset"]:
        told = {"topic": thing.topic, "ref": thing.ref, "cursor": answer["cursor"]}
        socketio.server.emit("reset", told, to=sid, namespace=NAMESPACE)
    followers.join(sid, thing, position, since=since)
    wake()
    return {"ok": True, **answer}


def catch_up(thing: log.Thing, after: object) -> tuple[dict[str, Any], int]:
    """Return what a follower missed since the cursor ``after``, and up to which position.

    The answer holds ``cursor``, ``events`` and ``reset`` (True: too much or too long ago;
    the page must be loaded anew).
    """
    head = log.head()
    if after is None:
        return {"cursor": head.cursor(), "events": [], "reset": False}, head.position
    place = head.place(after)
    events = [] if place is None else log.missed(thing.key, place, head.position)
    if place is None or len(events) > log.MOST_MISSED:
        return {"cursor": head.cursor(), "events": [], "reset": True}, head.position
    messages = [
        log.message(event, thing, head.cursor(event.position)) for event in log.heard(thing, events)
    ]
    return {"cursor": head.cursor(), "events": messages, "reset": False}, head.position


_wakers: list[Any] = []


def on_wake(waker: Any) -> None:
    """Let ``waker()`` be called when the reader has something to do."""
    _wakers.append(waker)


def wake() -> None:
    """Wake the reader of this process."""
    for waker in _wakers:
        waker()
