"""Imports by program: hand in a file, ask how far it is and what is wrong with it."""

from collections.abc import Mapping
from typing import Any

import orjson
from flask import Blueprint, Response, request, url_for
from flask_login import current_user
from sqlalchemy import Row

from portal.accounts.access import User
from portal.core import limits, pagination, sentences
from portal.core.api import as_json
from portal.core.db import transaction
from portal.core.errors import FieldError, Invalid, NotFound
from portal.core.i18n import lazy as _l
from portal.core.idempotency import idempotent
from portal.exchange import jobs, queries
from portal.exchange.findings import Cell, Findings
from portal.exchange.rules import mapping as maps
from portal.exchange.rules.problems import SheetError
from portal.exchange.service import uploads
from portal.exchange.service.uploads import Upload

bp = Blueprint("imports_api", __name__)
MODES = {"all": "all_or_nothing", "good": "good_rows"}


def asker() -> User:
    """Return who asks, having counted the request against his limit."""
    user: User = current_user._get_current_object()
    limits.spend("api", user.person_id)
    return user


@bp.post("/consignments")
@idempotent
def create() -> Response:
    """Take a file; answer at once where to ask what becomes of it."""
    user = asker()
    if user.company_id is None:
        raise NotFound(_l("Files are imported for a member company."))
    limits.spend("upload", "import", user.person_id)
    kind, choice, mapping = _asked()
    handed = Upload(*_file(), user.company_id, user.person_id)
    with transaction():
        row = uploads.receive(handed, kind=kind)
        if row.state == "failed":
            raise Invalid(
                sentences.said(row.error), [FieldError("file", sentences.said(row.error))]
            )
        row = _mapped(row, mapping)
        row = uploads.begin_check(row, choice=choice)
        jobs.owe(row)
    return as_json(_import(row), 202, Location=_address(row))


def _asked() -> tuple[str | None, str | None, Mapping[str, Any] | None]:
    """Return kind, choice (None: a dry run) and mapping, from the address or the form."""
    asked = request.values
    kind, mode = asked.get("kind"), asked.get("mode", "all")
    if kind not in (None, *uploads.KINDS):
        raise _wrong("kind", _one_of(uploads.KINDS))
    if mode not in MODES:
        raise _wrong("mode", _one_of(MODES))
    dry_run = asked.get("dry_run", "0").lower() in ("1", "true", "yes")
    return kind, None if dry_run else MODES[mode], _mapping(asked.get("mapping"))


def _mapping(given: str | None) -> Mapping[str, Any] | None:
    if not given:
        return None
    try:
        mapping = orjson.loads(given)
    except orjson.JSONDecodeError:
        mapping = None
    if not isinstance(mapping, dict):
        raise _wrong("mapping", _l("This must be a JSON object."))
    return mapping


def _file() -> tuple[bytes, str]:
    """Return content and name of the file: a part named ``file``, or the body itself."""
    if (part := request.files.get("file")) is not None:
        with part.stream as stream:
            return stream.read(), part.filename or "import.csv"
    if request.mimetype == "multipart/form-data":
        raise _wrong("file", _l("This is required."))
    return request.get_data(cache=True), request.args.get("name", "import.csv")


def _mapped(row: Row[Any], given: Mapping[str, Any] | None) -> Row[Any]:
    mapping = uploads.mapping_of(row)
    if given is not None:
        mapping = maps.from_json({**mapping.as_json(), **given})
    try:
        return uploads.map_columns(row, mapping)
    except SheetError as fault:
        lacking = [f"mapping.{key}" for key in maps.missing(mapping)] or ["mapping"]
        errors = [FieldError(path, fault.message) for path in lacking]
        raise Invalid(_l("Please check what you sent."), errors) from fault


def _wrong(field: str, sentence: Any) -> Invalid:
    return Invalid(_l("Please check what you sent."), [FieldError(field, sentence)])


def _one_of(words: Mapping[str, Any]) -> Any:
    return _l("Must be one of: %(expected)s.", expected=", ".join(words))


@bp.get("/<ref>")
def show(ref: str) -> Response:
    """Tell how far an import is, and page by page what is wrong with its rows."""
    row = queries.import_for(asker(), ref)
    size = pagination.limit(request.args.get("limit"))
    place = pagination.decode_number(request.args.get("after")) or 0
    return as_json({**_import(row), **_errors(row, place, size)})


def _errors(row: Row[Any], after: int, size: int) -> dict[str, Any]:
    if not row.check_key or row.state == "checking":
        return {"errors": [], "next": None}
    with Findings(row.check_key) as found:
        page = pagination.cut(
            found.cells(after=after, limit=size + 1), size, lambda item: (item[0],)
        )
    return {"errors": [_error(cell) for _, cell in page.items], "next": page.next}


def _error(cell: Cell) -> dict[str, Any]:
    return {
        "line": cell.line,
        "column": cell.header,
        "field": cell.field,
        "text": cell.given,
        "message": sentences.said(cell.message),
        "blocks": cell.is_bad,
        "kind": cell.kind,
    }


def _import(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.ref,
        "state": row.state,
        "kind": row.kind,
        "name": row.name,
        "dry_run": row.choice is None,
        "progress": row.progress / 1000,
        "error": sentences.said(row.error) or None,
        "counts": {
            "rows": row.rows,
            "consignments": row.consignments,
            "good": row.good,
            "bad": row.bad,
            "created": row.created,
            "existing": row.existing,
            "notes": row.notes,
        },
        "mapping": row.mapping,
        "created_at": row.created_at.isoformat(),
        "links": {"self": _address(row), "page": url_for("imports.show", ref=row.ref)},
    }


def _address(row: Row[Any]) -> str:
    return url_for("imports_api.show", ref=row.ref)
