"""The JSON side of an entry point: reading bodies strictly, answering fast."""

from typing import Any, TypeVar

import orjson
from flask import Response, request
from pydantic import BaseModel, ConfigDict, ValidationError

from portal.core.errors import FieldError, Invalid, TooLarge
from portal.core.i18n import lazy as _l

MAX_BODY = 4 * 1024 * 1024  # bytes of JSON
MAX_DEPTH = 32


class Shape(BaseModel):
    """Base of request bodies: strict about names, friendly about surrounding space."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, str_max_length=10_000)


S = TypeVar("S", bound=Shape)


def as_json(value: Any, status: int = 200, **headers: str) -> Response:
    """Return ``value`` as a JSON answer. Instants are ISO 8601; those without offset are UTC."""
    data = orjson.dumps(value, default=str, option=orjson.OPT_NAIVE_UTC)
    return Response(data, status, headers, mimetype="application/json")


def body() -> Any:
    """Return the JSON body of this request.

    Raises TooLarge over MAX_BODY, Invalid for what is not JSON in UTF-8 or is too deep.
    """
    if (request.content_length or 0) > MAX_BODY:
        raise TooLarge(_l("That is larger than we can take. Please send it in parts."))
    data = request.get_data(cache=True)
    if len(data) > MAX_BODY:
        raise TooLarge(_l("That is larger than we can take. Please send it in parts."))
    try:
        value = orjson.loads(data or b"null")
    except orjson.JSONDecodeError:
        raise Invalid(_l("The body is not JSON in UTF-8.")) from None
    if _depth(value) > MAX_DEPTH:
        raise Invalid(_l("The body is nested too deeply."))
    return value


def _depth(value: Any) -> int:
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        each, depth = waiting.pop()
        deepest = max(deepest, depth)
        if depth > MAX_DEPTH:
            break
        if isinstance(each, dict):
            waiting.extend((v, depth + 1) for v in each.values())
        elif isinstance(each, list):
            waiting.extend((v, depth + 1) for v in each)
    return deepest


def parsed(shape: type[S], value: Any = ...) -> S:
    """Return the body (or ``value``) as ``shape``.

    Raises Invalid that names every wrong field by its path.
    """
    try:
        return shape.model_validate(body() if value is ... else value)
    except ValidationError as error:
        raise Invalid(_l("Please check what you sent."), field_errors(error)) from None


def field_errors(error: ValidationError) -> list[FieldError]:
    """Return pydantic's findings as sentences at their fields."""
    return [
        FieldError(".".join(map(str, each["loc"])), _sentence(each))
        for each in error.errors(include_url=False, include_input=False)
    ]


_SENTENCES = {
    "missing": _l("This is required."),
    "extra_forbidden": _l("There is no field of this name."),
    "string_type": _l("This must be text."),
    "string_too_short": _l("This must not be empty."),
    "int_type": _l("This must be a whole number."),
    "int_parsing": _l("This must be a whole number."),
    "int_from_float": _l("This must be a whole number."),
    "int_parsing_size": _l("This number is too large."),
    "bool_type": _l("This must be true or false."),
    "bool_parsing": _l("This must be true or false."),
    "list_type": _l("This must be a list."),
    "model_type": _l("This must be an object."),
    "model_attributes_type": _l("This must be an object."),
    "dict_type": _l("This must be an object."),
    "datetime_type": _l("This must be a date and time with its offset (ISO 8601)."),
    "datetime_parsing": _l("This must be a date and time with its offset (ISO 8601)."),
    "datetime_from_date_parsing": _l("This must be a date and time with its offset (ISO 8601)."),
    "timezone_aware": _l("This must be a date and time with its offset (ISO 8601)."),
    "decimal_parsing": _l("This must be a number."),
    "decimal_type": _l("This must be a number."),
    "float_type": _l("This must be a number."),
    "float_parsing": _l("This must be a number."),
    "finite_number": _l("This must be a number."),
    "string_unicode": _l("This text has characters that cannot be stored."),
}


def _sentence(found: Any) -> Any:
    kind, context = found["type"], found.get("ctx", {})
    if kind == "value_error":
        return context["error"].args[0] if context.get("error") else found["msg"]
    if kind == "string_too_long":
        return _l("This is longer than %(most)s characters.", most=context["max_length"])
    if kind in ("greater_than", "greater_than_equal", "less_than", "less_than_equal"):
        return _l("This number is out of range.")
    if kind in ("too_short", "too_long"):
        return _l("There are too few or too many of these.")
    if kind in ("enum", "literal_error"):
        return _l("Must be one of: %(expected)s.", expected=context.get("expected"))
    return _SENTENCES.get(kind, found["msg"])
