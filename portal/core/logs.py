"""Structured logs: one JSON line a request, without personal data."""

import json
import logging
import time
import traceback
from collections.abc import Iterator, Mapping, MutableMapping
from functools import cache
from typing import Any

import orjson
import structlog
from flask import Flask, Response, g, request
from prometheus_client import Counter, Histogram

log = structlog.get_logger()
REQUESTS = Counter("quayside_requests_total", "Requests answered", ["route", "method", "status"])
SECONDS = Histogram(
    "quayside_request_seconds",
    "Time to answer",
    ["route"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
METHODS = frozenset(("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"))
DEEPEST = 12  # frames of an exception that are written
#: Never written: whatever could name a person.
PERSONAL = frozenset({"email", "phone", "name", "address", "password", "token", "note", "body"})


def init_app(app: Flask) -> None:
    """Log and count every request of ``app``."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            without_personal_data,
            where_it_failed,
            structlog.processors.JSONRenderer(serializer=_json),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.WARNING if app.config["TESTING"] else logging.INFO
        ),
    )
    app.before_request(_start)
    app.after_request(_finish)


def _json(line: Mapping[str, Any], **_options: Any) -> str:
    try:
        return orjson.dumps(line, default=str).decode()
    except TypeError:  # half a character, a number of many digits: no reason to answer by a fault
        return json.dumps(line, default=str)


def without_personal_data(
    _logger: Any, _method: str, line: MutableMapping[str, Any]
) -> Mapping[str, Any]:
    """Replace values whose key names something personal."""
    return {key: "…" if key in PERSONAL else value for key, value in line.items()}


def where_it_failed(
    _logger: Any, _method: str, line: MutableMapping[str, Any]
) -> Mapping[str, Any]:
    """Replace an exception by the classes and the lines of code that led to it.

    Its words are left out: databases and parsers quote in them what people have entered.
    """
    error = line.pop("exc_info", None)
    if isinstance(error, BaseException):
        line["exception"] = list(_chain(error))
    return line


def _chain(error: BaseException | None) -> Iterator[dict[str, Any]]:
    while error is not None:
        frames = traceback.extract_tb(error.__traceback__)[-DEEPEST:]
        lines = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        yield {"class": type(error).__name__, "at": lines}
        error = error.__cause__ or error.__context__


def _start() -> None:
    g.started_s = time.perf_counter()


#: Finding the series of some labels costs more than counting.
_requests = cache(REQUESTS.labels)
_seconds = cache(SECONDS.labels)


def _finish(response: Response) -> Response:
    took_s = time.perf_counter() - g.get("started_s", time.perf_counter())
    route = request.url_rule.rule if request.url_rule else "none"
    # Words that anybody may invent as a method would each be a series kept for ever.
    method = request.method if request.method in METHODS else "other"
    answered(route, method, response.status_code, took_s)
    return response


def answered(route: str, method: str, status: int, took_s: float) -> None:
    """Count an answer, and write a line for all but files."""
    _requests(route, method, status).inc()
    _seconds(route).observe(took_s)
    if route != "/static/<path:filename>":
        ms = round(took_s * 1000, 1)
        log.info("request", route=route, method=method, status=status, ms=ms)
