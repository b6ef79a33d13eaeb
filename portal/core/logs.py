"""Structured logs: one JSON line a request, without personal data."""

import logging
import time
from collections.abc import Mapping, MutableMapping
from typing import Any

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
#: Never written: whatever could name a person.
PERSONAL = frozenset({"email", "phone", "name", "address", "password", "token", "note", "body"})


def init_app(app: Flask) -> None:
    """Log and count every request of ``app``."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            without_personal_data,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.WARNING if app.config["TESTING"] else logging.INFO
        ),
    )
    app.before_request(_start)
    app.after_request(_finish)


def without_personal_data(
    _logger: Any, _method: str, line: MutableMapping[str, Any]
) -> Mapping[str, Any]:
    """Replace values whose key names something personal."""
    return {key: "…" if key in PERSONAL else value for key, value in line.items()}


def _start() -> None:
    g.started_s = time.perf_counter()


def _finish(response: Response) -> Response:
    took_s = time.perf_counter() - g.get("started_s", time.perf_counter())
    route = request.url_rule.rule if request.url_rule else "none"
    REQUESTS.labels(route, request.method, response.status_code).inc()
    SECONDS.labels(route).observe(took_s)
    if route != "/static/<path:filename>":
        log.info(
            "request",
            route=route,
            method=request.method,
            status=response.status_code,
            ms=round(took_s * 1000, 1),
        )
    return response
