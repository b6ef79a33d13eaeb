"""The description of the API: OpenAPI 3.1 for programs, a page for people.

Both are drawn from the routes that are served and the shapes that are checked, so that they
cannot say something else than the API does.
"""

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, current_app, render_template
from flask_babel import force_locale
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from werkzeug.routing import Rule

from portal.consignments.api.shapes import BatchEvent
from portal.core.api import as_json
from portal.exchange.answers import Problem
from portal.exchange.calls import CALLS
from portal.exchange.described import Call

bp = Blueprint("openapi", __name__)
API = "/api/v1"
VERSION = "1.0.0"
_REF = "#/components/schemas/{model}"
_CONVERTER = re.compile(r"<(?:(?P<kind>\w+)(?:\([^)]*\))?:)?(?P<name>\w+)>")
#: Problems that every call can meet: no key, asked too often.
_ALWAYS = (401, 429)


@dataclass(frozen=True)
class Served:
    """A call as it is served here."""

    method: str
    path: str  # below API, parameters in braces
    endpoint: str
    call: Call
    parameters: tuple[tuple[str, str], ...]  # (name, JSON type) of the path


@bp.get("/openapi.json")
def document() -> Response:
    """Return the description of the API as OpenAPI 3.1."""
    with force_locale("en"):
        return as_json(describe())


@bp.get("/docs")
def page() -> str:
    """Show the description of the API to people."""
    schemas = _schemas([each.call for each in served()])
    return render_template("exchange/docs.html", calls=served(), schemas=schemas, named=_named)


def served() -> list[Served]:
    """Return the calls that are served here, by path and method."""
    rules = [rule for rule in current_app.url_map.iter_rules() if rule.rule.startswith(API + "/")]
    calls = [_served(rule, method) for rule in rules for method in _methods(rule)]
    return sorted(calls, key=lambda each: (each.path, each.method))


def _methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def _served(rule: Rule, method: str) -> Served:
    found = list(_CONVERTER.finditer(rule.rule))
    kinds = tuple((m["name"], "integer" if m["kind"] == "int" else "string") for m in found)
    path = _CONVERTER.sub(lambda m: "{" + m["name"] + "}", rule.rule).removeprefix(API)
    call = CALLS.get(rule.endpoint) or Call(summary=_first_line(rule.endpoint))
    return Served(method, path, rule.endpoint, call, kinds)


def _first_line(endpoint: str) -> str:
    words = current_app.view_functions[endpoint].__doc__ or endpoint
    return words.strip().splitlines()[0].rstrip(".")


def describe() -> dict[str, Any]:
    """Return the OpenAPI document."""
    calls = served()
    paths: dict[str, dict[str, Any]] = {}
    for each in calls:
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each)
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{current_app.config['CENTRE_SHORT_NAME']} API", "version": VERSION},
        "servers": [{"url": str(current_app.config["PUBLIC_URL"]).rstrip("/") + API}],
        "security": [{"key": []}, {"session": []}],
        "paths": paths,
        "components": {
            "schemas": _schemas([each.call for each in calls]),
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": _cookie()},
            },
        },
    }


def _cookie() -> str:
    return str(current_app.config["SESSION_COOKIE_NAME"])


def _schemas(calls: list[Call]) -> dict[str, Any]:
    models: dict[str, type[BaseModel]] = {"Problem": Problem, "BatchEvent": BatchEvent}
    for call in calls:
        for model in (call.body, call.answer):
            if model is not None:
                models[model.__name__] = model
    pairs = [(models[name], "validation") for name in sorted(models)]
    _, definitions = models_json_schema(pairs, ref_template=_REF)  # type: ignore[arg-type]
    return dict(definitions["$defs"])


def _operation(each: Served) -> dict[str, Any]:
    call = each.call
    operation: dict[str, Any] = {
        "operationId": f"{each.endpoint}.{each.method.lower()}",
        "summary": str(call.summary),
        "tags": [each.path.strip("/").split("/")[0]],
        "parameters": _parameters(each),
        "responses": _responses(call),
    }
    if (body := _body(call)) is not None:
        operation["requestBody"] = body
    if call.public:
        operation["security"] = [{}, {"key": []}, {"session": []}]
    return operation


def _parameters(each: Served) -> list[dict[str, Any]]:
    text = {"type": "string"}
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": {"type": kind}}
        for name, kind in each.parameters
    ]
    in_query = [
        {"name": name, "in": "query", "description": str(meaning), "schema": text}
        for name, meaning in each.call.query.items()
    ]
    if each.method == "GET":
        return in_path + in_query
    key = {
        "name": "Idempotency-Key",
        "in": "header",
        "schema": {"type": "string", "maxLength": 200},
    }
    return [*in_path, *in_query, key]


def _body(call: Call) -> dict[str, Any] | None:
    if call.upload:
        part = {"type": "string", "contentMediaType": "image/*"}
        form = {"type": "object", "required": ["file"], "properties": {"file": part}}
        return {"required": True, "content": {"multipart/form-data": {"schema": form}}}
    if call.body is None:
        return None
    return {"required": True, "content": {"application/json": {"schema": _named(call.body)}}}


def _named(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _REF.format(model=model.__name__)}


def _responses(call: Call) -> dict[str, Any]:
    good = {str(status): _answer(call, status) for status in call.statuses}
    problem = {"application/problem+json": {"schema": _named(Problem)}}
    bad = {
        str(status): {"description": HTTPStatus(status).phrase, "content": problem}
        for status in sorted({*_ALWAYS, *call.problems})
    }
    return good | bad


def _answer(call: Call, status: int) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": HTTPStatus(status).phrase}
    if call.file is not None:
        answer["content"] = {call.file: {}}
    elif call.answer is not None and status != HTTPStatus.NO_CONTENT:
        answer["content"] = {"application/json": {"schema": _named(call.answer)}}
    return answer
