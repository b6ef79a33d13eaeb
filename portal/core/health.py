"""Whether this process lives, whether it can serve, and its figures for Prometheus."""

import tempfile
from collections.abc import Callable
from typing import Any

import orjson
import redis
from flask import Blueprint, Response, current_app
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from portal.core import clock, files
from portal.core.counting import ANSWERS_WITHIN_S
from portal.core.db import db
from portal.core.events import EventRecord

bp = Blueprint("health", __name__)
LATE_S = 30.0  # so long after it was recorded an event should have been told
_E = EventRecord.__table__
_OLDEST_UNTOLD = select(_E.c.recorded_at).where(_E.c.position.is_(None)).order_by(_E.c.id).limit(1)
Part = dict[str, Any]


@bp.get("/healthz")
def alive() -> Response:
    """Say that the process answers."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
def ready() -> Response:
    """Say part by part what works; 503 without what no request can be served without.

    Nothing but names, yes or no, and seconds: anybody may ask.
    """
    parts = {name: check() for name, check in CHECKS.items()}
    parts = {name: part for name, part in parts.items() if part}
    serves = all(part["ok"] for name, part in parts.items() if name in NEEDED)
    body = {"ready": serves, "parts": parts}
    return Response(orjson.dumps(body), 200 if serves else 503, mimetype="application/json")


def _database() -> Part:
    """The database answers."""
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        db.session.rollback()
        return {"ok": False}
    return {"ok": True}


def _storage() -> Part:
    """A file can be written to the folder of FILES_URL."""
    try:
        folder = files.folder()
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"ready")
    except OSError:
        return {"ok": False}
    return {"ok": True}


def _redis() -> Part:
    """The server of REDIS_URL answers, if there is one: without it processes wait for polls."""
    url = current_app.config["REDIS_URL"]
    if not url:
        return {}
    wait = {"socket_timeout": ANSWERS_WITHIN_S, "socket_connect_timeout": ANSWERS_WITHIN_S}
    try:
        with redis.Redis.from_url(url, **wait) as server:
            server.ping()
    except (redis.RedisError, OSError, ValueError):
        return {"ok": False}
    return {"ok": True}


def _relay() -> Part:
    """What was recorded is told to followers soon: by how many seconds the oldest is late."""
    try:
        oldest = db.session.scalar(_OLDEST_UNTOLD)
    except SQLAlchemyError:
        db.session.rollback()
        return {"ok": False}
    late = 0.0 if oldest is None else max(0.0, (clock.now() - oldest).total_seconds())
    return {"ok": late <= LATE_S, "lag_s": round(late, 1)}


CHECKS: dict[str, Callable[[], Part]] = {
    "database": _database,
    "storage": _storage,
    "redis": _redis,
    "relay": _relay,
}
#: Without the others pages and programs are still answered.
NEEDED = frozenset({"database", "storage"})


@bp.get("/metrics")
def metrics() -> Response:
    """Show counters for Prometheus; they name routes, never people."""
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
