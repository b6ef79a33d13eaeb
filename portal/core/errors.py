"""Errors a use case may raise, and the one place that turns them into HTTP."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson
import structlog
from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from portal.core.i18n import lazy as _l

log = structlog.get_logger()


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one field; ``field`` is a path such as ``pieces.0.weight_g``."""

    field: str
    message: Any  # a sentence, perhaps lazily translated


class PortalError(Exception):
    """Base of every expected failure; ``str()`` of it is fit to show a customer."""

    status = 400
    title = _l("That could not be done")
    #: What one can do, and (label, endpoint) of where; None: what is usual for the status.
    advice: Any = None
    way: tuple[Any, str] | None = None

    def __init__(self, message: Any = None, errors: "list[FieldError] | None" = None) -> None:
        super().__init__(message)
        self.message = message
        self.errors = errors or []

    def __str__(self) -> str:
        return str(self.message)


class NotFound(PortalError):
    """The thing does not exist, or the asker may not know that it does."""

    status = 404
    title = _l("Not found")


class Refused(PortalError):
    """A business rule forbids the action in the present state."""

    status = 409
    title = _l("Not possible now")


class Invalid(PortalError):
    """The input has a wrong shape or value; ``errors`` names each field."""

    status = 422
    title = _l("Please check what you entered")


class Forbidden(PortalError):
    """The person is known but has no right to do this."""

    status = 403
    title = _l("Not allowed")


class SignInNeeded(PortalError):
    """Nobody is signed in, or the key is not valid."""

    status = 401
    title = _l("Please sign in")


class TooMany(PortalError):
    """Asked too often."""

    status = 429
    title = _l("Too many requests")


class TooLarge(PortalError):
    """More was sent than is taken."""

    status = 413
    title = _l("Too large")


#: Bytes that are read of what is too large.
SWALLOWED = 100 * 1024 * 1024
#: Sentences for failures that the framework itself raises.
SENTENCES = {
    400: _l("The request could not be read. Please go back and try again."),
    401: _l("Please sign in to see this page."),
    403: _l("You do not have the right to do this. Ask the owner of your company’s account."),
    404: _l("There is nothing at this address, or it is not yours to see."),
    405: _l("This address does not take that kind of request."),
    413: _l("That is larger than we can take. Please send a smaller file."),
    415: _l("Please send this as JSON."),
    429: _l("That was asked too often. Please wait a minute and try again."),
    500: _l("Something went wrong on our side. Nothing was changed; please try again."),
    503: _l("The centre’s computer is busy. Please try again in a moment."),
}


def init_app(app: Flask) -> None:
    """Answer every failure as a page to people and as problem+json to programs."""
    app.register_error_handler(PortalError, respond)
    app.register_error_handler(HTTPException, _respond_http)
    app.register_error_handler(Exception, _respond_unexpected)


def respond(error: PortalError) -> Response:
    """Show an expected failure."""
    told = {"advice": error.advice, "way": error.way}
    return _answer(error.status, str(error.title), str(error), error.errors, **told)


def _respond_http(error: HTTPException) -> Response:
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    status = error.code or 500
    sentence = str(SENTENCES.get(status, SENTENCES[400]))
    answer = _answer(status, HTTPStatus(status).phrase, sentence, [])
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    return answer


def _respond_unexpected(error: Exception) -> Response:
    # The rule, not the path: paths hold numbers, and the keys of links that were shared.
    route = request.url_rule.rule if request.url_rule else "none"
    log.error("request.failed", route=route, error=type(error).__name__, exc_info=error)
    return _answer(500, str(_l("Something went wrong")), str(SENTENCES[500]), [])


def _answer(
    status: int, title: str, detail: str, errors: list[FieldError], **told: Any
) -> Response:
    if status == TooLarge.status:
        _read_to_the_end()
    if request.path.startswith(("/api/", "/epcis/")):
        return problem(status, title, detail, errors)
    told |= {"status": status, "title": title, "detail": detail, "errors": errors}
    page = render_template("errors/error.html", **told)
    return Response(page, status)


def _read_to_the_end() -> None:
    """Take in what is still being sent, within reason: browsers read no answer before that."""
    left = min(request.content_length or 0, SWALLOWED)
    while left > 0 and (part := request.environ["wsgi.input"].read(min(left, 65536))):
        left -= len(part)


def problem(
    status: int, title: str, detail: str, errors: list[FieldError] | None = None
) -> Response:
    """Return an ``application/problem+json`` answer (RFC 9457)."""
    body = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        "errors": [{"field": e.field, "message": str(e.message)} for e in errors or []],
    }
    return Response(orjson.dumps(body), status, mimetype="application/problem+json")
