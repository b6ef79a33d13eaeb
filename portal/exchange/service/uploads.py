"""Receiving a file, deciding how it is understood, and ending an import early."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, insert, select, update

from portal.accounts.models import Company
from portal.accounts.service.companies import new_ref
from portal.core import clock, events, files, scope, sentences
from portal.core.aside import aside
from portal.core.db import changed, db
from portal.core.errors import Invalid, Refused
from portal.core.i18n import lazy as _l
from portal.exchange.events import ImportFailed
from portal.exchange.models import Import, ImportMapping
from portal.exchange.rules import mapping as maps
from portal.exchange.rules.fields import HISTORY, NEW
from portal.exchange.rules.mapping import OWN, ColumnMap
from portal.exchange.rules.problems import SheetError
from portal.exchange.rules.sheets import Sheet
from portal.exchange.service.checking import opened

_I = Import.__table__
_M = ImportMapping.__table__
KINDS = {"orders": NEW, "history": HISTORY}
MODES = {mode: kind for kind, mode in KINDS.items()}
CHOICES = ("all_or_nothing", "good_rows")
SAMPLE_ROWS = 50
KEPT_SAMPLES = 5  # rows shown beside the columns
SAMPLE_CHARS = 120
MAX_NAME = 200
OPEN_STATES = ("uploaded", "failed", "checked", "cancelled")


@dataclass(frozen=True)
class Upload:
    """A file that somebody hands in for a company (``person_id`` None: a command)."""

    data: bytes
    name: str
    company_id: int
    person_id: int | None


def receive(upload: Upload, *, kind: str | None = None) -> Row[Any]:
    """Keep a file and guess what its columns mean; return the import.

    A file that cannot be read is kept too: the import has failed and says why.
    Raises Invalid for an empty file.
    """
    if not upload.data:
        raise Invalid(_l("The file is empty. Choose another one."))
    stored = files.keep(upload.data, "application/octet-stream")
    row = {
        "ref": new_ref("I"),
        "company_id": upload.company_id,
        "person_id": upload.person_id,
        "name": _clean_name(upload.name),
        "size": stored.size,
        "sha256": stored.sha256,
        "file_key": stored.key,
        "reading": {},
        "kind": kind or "orders",
        "state": "uploaded",
        "created_at": clock.now(),
    }
    made = db.session.execute(insert(_I).values(**row).returning(_I)).one()
    return read_anew(made, {}, kind=kind)


def _clean_name(name: str) -> str:
    plain = "".join(c for c in name.replace("\\", "/").rpartition("/")[2] if c.isprintable())
    return plain.encode("utf-8", "ignore").decode()[-MAX_NAME:].strip() or "import.csv"


def read_anew(row: Row[Any], reading: Mapping[str, str], *, kind: str | None = None) -> Row[Any]:
    """Read the head of the file as ``reading`` says and guess the mapping; return the import.

    Records ImportFailed where it cannot be read.
    """
    _refuse_unless(row, OPEN_STATES)
    chosen = {key: value for key, value in reading.items() if value}
    data = files.read(row.file_key)
    try:
        sheet, samples = aside(_head, data, chosen)
    except SheetError as fault:
        return fail(row, fault.message)
    mapping = _guessed(row.company_id, sheet, samples, kind)
    return change(
        row,
        state="uploaded",
        reading=chosen,
        headers=list(sheet.headers),
        titles=list(sheet.titles),
        samples=[[text[:SAMPLE_CHARS] for text in cells] for cells in samples[:KEPT_SAMPLES]],
        mapping=mapping.as_json(),
        kind=MODES[mapping.mode],
        error=None,
        choice=None,
        ended_at=None,
    )


def _head(data: bytes, reading: Mapping[str, str]) -> tuple[Sheet, list[tuple[str, ...]]]:
    sheet = opened(data, reading)
    samples = [row.cells for row in sheet.sample(SAMPLE_ROWS)]
    if not samples:
        raise SheetError(_l("The file has a header but no rows below it."))
    return sheet, samples


def _guessed(
    company_id: int, sheet: Sheet, samples: list[tuple[str, ...]], kind: str | None
) -> ColumnMap:
    remembered = remembered_for(company_id, sheet.headers)
    if remembered is not None and kind in (None, MODES[remembered.mode]):
        return remembered
    guess = maps.guess(sheet.headers, samples, KINDS[kind] if kind else None)
    if guess.constants.get("consignor") == OWN and own_party(company_id) is None:
        rest = {k: v for k, v in guess.constants.items() if k != "consignor"}
        return maps.from_json({**guess.as_json(), "constants": rest})
    return guess


def remembered_for(company_id: int, headers: tuple[str, ...]) -> ColumnMap | None:
    """Return how this company's files with these headers were understood the last time.

    One more column at the end does not matter: the files of problems we hand back have one.
    """
    keys = [maps.signature(headers), maps.signature(headers[:-1])]
    query = select(_M.c.signature, _M.c.mapping).where(
        _M.c.company_id == company_id, _M.c.signature.in_(keys)
    )
    rows = db.session.execute(query.execution_options(**scope.of(company_id)))
    found = {row.signature: row.mapping for row in rows}
    for key in keys:
        if key in found and set(found[key]["columns"]) <= set(headers):
            return maps.from_json(found[key])
    return None


def own_party(company_id: int) -> dict[str, Any] | None:
    """Return who sends unless a file says otherwise: the company's own PARTY, if it has one."""
    kept = db.session.scalar(select(Company.consignor).where(Company.id == company_id))
    if not kept or not all(kept.get(k) for k in ("name", "phone", "address", "city", "country")):
        return None
    return dict(kept)


def map_columns(row: Row[Any], mapping: ColumnMap) -> Row[Any]:
    """Set what the columns mean and remember it for files with the same headers.

    Raises SheetError as ``mapping.check`` does, Refused once the import runs.
    """
    _refuse_unless(row, OPEN_STATES)
    maps.check(mapping, row.headers or ())
    _remember(row, mapping)
    return change(row, mapping=mapping.as_json(), kind=MODES[mapping.mode])


def _remember(row: Row[Any], mapping: ColumnMap) -> None:
    key = {"company_id": row.company_id, "signature": maps.signature(row.headers)}
    values = {"mapping": mapping.as_json(), "used_at": clock.now()}
    again = update(_M).where(*(_M.c[name] == value for name, value in key.items())).values(**values)
    if not changed(again.execution_options(**scope.of(row.company_id))):
        db.session.execute(insert(_M).values(**key, **values))


def begin_check(row: Row[Any], *, choice: str | None = None) -> Row[Any]:
    """Let the file be checked; with ``choice`` what is good is posted right after."""
    _refuse_unless(row, OPEN_STATES)
    if not row.mapping or not row.headers:
        raise Refused(_l("This file could not be read. Upload it again in another form."))
    begun: dict[str, Any] = {"progress": 0, "posted": 0, "created": 0, "existing": 0}
    return change(row, state="checking", choice=choice, error=None, ended_at=None, **begun)


def choose(row: Row[Any], choice: str) -> Row[Any]:
    """Begin to post what the check found good.

    Raises Refused for ``all_or_nothing`` where anything is bad, and where nothing is good.
    """
    _refuse_unless(row, ("checked",))
    if choice not in CHOICES:
        raise Invalid(_l("Choose whether all or only the good rows are imported."))
    if choice == "all_or_nothing" and row.bad:
        raise Refused(
            _l(
                "Nothing was imported: %(count)s consignments have problems. Correct the file and "
                "upload it again, or import the good rows only.",
                count=row.bad,
            )
        )
    if not row.good:
        raise Refused(_l("No row can be imported. Correct the file and upload it again."))
    begun = {"progress": 0, "posted": 0, "created": 0, "existing": 0}
    return change(row, state="running", choice=choice, **begun)


def cancel(row: Row[Any]) -> Row[Any]:
    """End an import early; what was created stays.

    Raises Refused once it is over, and for one of all or nothing that runs.
    """
    if row.state == "running" and row.choice == "all_or_nothing":
        raise Refused(_l("All or nothing was chosen: this import cannot be stopped half way."))
    _refuse_unless(row, ("uploaded", "checking", "checked", "running"))
    return change(row, state="cancelled", ended_at=clock.now())


def fail(row: Row[Any], message: Any) -> Row[Any]:
    """End an import with a sentence that says why. Records ImportFailed."""
    events.record(
        ImportFailed(
            actor_id=row.person_id, company_id=row.company_id, ref=row.ref, person_id=row.person_id
        )
    )
    return change(row, state="failed", error=sentences.kept(message), ended_at=clock.now())


def change(row: Row[Any], **values: Any) -> Row[Any]:
    """Change columns of an import and return it as it is then."""
    statement = update(_I).where(_I.c.id == row.id).values(**values).returning(_I)
    return db.session.execute(statement.execution_options(**scope.of(row.company_id))).one()


def _refuse_unless(row: Row[Any], states: tuple[str, ...]) -> None:
    if row.state not in states:
        raise Refused(_l("This import has gone on in the meantime. Look at it again."))


def mapping_of(row: Row[Any]) -> ColumnMap:
    """Return what the columns of an import mean so far."""
    return maps.from_json(row.mapping or {})
