"""The job that carries an import on, from wherever it stands: check, then post."""

from typing import Any

import structlog
from flask import current_app
from sqlalchemy import Row, update
from sqlalchemy.exc import DBAPIError

from portal.consignments.service.orders import Origin
from portal.core import clock, events, jobs, scope
from portal.core.db import changed, db, transaction, write
from portal.core.errors import PortalError
from portal.core.i18n import lazy as _l
from portal.core.jobs import Lane
from portal.exchange import findings, queries
from portal.exchange.events import ImportChecked
from portal.exchange.findings import Findings
from portal.exchange.models import Import
from portal.exchange.service import checking, posting, uploads

KIND = "import"
log = structlog.get_logger()
_I = Import.__table__
OUR_FAULT = _l(
    "Something went wrong on our side. Start it again: nothing is created twice. "
    "If it happens again, call us."
)


def owe(row: Row[Any]) -> None:
    """Let a worker carry the import on, in the transaction that made it necessary."""
    jobs.owe(KIND, {"import": row.id, "company": row.company_id})


def handle(payload: dict[str, Any]) -> None:
    """Carry out a job; bears being run twice and being cut off anywhere."""
    carry_on(payload["import"], payload["company"])


def carry_on(import_id: int, company_id: int) -> None:
    """Check the import if it is to be checked, post it if it is to be posted.

    What the database refuses is raised, to be tried again; any other failure ends the import.
    """
    try:
        _check(import_id, company_id)
        _post(import_id, company_id)
    except DBAPIError:
        raise
    except PortalError as fault:
        _fail(import_id, company_id, fault.message)
    except Exception as fault:
        log.error("import.failed", error=type(fault).__name__, exc_info=fault)
        _fail(import_id, company_id, OUR_FAULT)


def _fail(import_id: int, company_id: int, message: Any) -> None:
    db.session.rollback()
    with transaction():
        row = posting.locked(import_id, company_id, db.session.connection())
        if row.state in ("checking", "running"):
            uploads.fail(row, message)


def _check(import_id: int, company_id: int) -> None:
    row = queries.find_import(import_id, company_id)
    if row is None or row.state != "checking":
        return
    own, key = uploads.own_party(company_id), findings.new_key()
    db.session.commit()
    try:
        checked = checking.check(row, key, own, _Progress(row))
    except BaseException:
        findings.forget(key)
        raise
    if checked is None or not _keep(import_id, company_id, checked, key):
        findings.forget(key)
        return
    findings.forget(row.check_key)


class _Progress:
    """Tells about twenty times how far a check is; learns whether it was cancelled."""

    def __init__(self, row: Row[Any]) -> None:
        self._row = row
        self._step = 0

    def __call__(self, done: int, of: int) -> bool:
        db.session.commit()  # no snapshot stays open over a long check
        clock.breathe()
        progress = 1000 * done // max(of, 1)
        step = progress * posting.STEPS // 1000
        if step <= self._step:
            return True
        self._step = step
        return self._tell(min(progress, 1000))

    def _tell(self, progress: int) -> bool:
        row = self._row
        raised = update(_I).where(_I.c.id == row.id, _I.c.state == "checking")
        with transaction():
            goes_on = changed(
                raised.values(progress=progress).execution_options(**scope.of(row.company_id))
            )
            if goes_on:
                events.record(posting.progressed(row, "checking", progress))
        return bool(goes_on)


def _keep(import_id: int, company_id: int, checked: checking.Checked, key: str) -> bool:
    """Keep what a check found and return True, unless it was cancelled meanwhile.

    Records ImportChecked.
    """
    with transaction():
        row = posting.locked(import_id, company_id, db.session.connection())
        if row.state != "checking":
            return False
        values = {**checked.counts, "open_dates": checked.open_dates, "check_key": key}
        row = uploads.change(row, state="checked", checked_at=clock.now(), progress=1000, **values)
        events.record(
            ImportChecked(
                actor_id=row.person_id,
                company_id=company_id,
                ref=row.ref,
                person_id=row.person_id,
                consignments=row.consignments,
                good=row.good,
                bad=row.bad,
            )
        )
        if row.choice is not None:
            _go_on(row)
    return True


def _go_on(row: Row[Any]) -> None:
    """Do what was chosen beforehand, or say why it cannot be; what was found is kept."""
    try:
        uploads.choose(row, row.choice)
    except PortalError as refusal:
        uploads.fail(row, refusal.message)


def _post(import_id: int, company_id: int) -> None:
    row = queries.find_import(import_id, company_id)
    db.session.commit()
    if row is None or row.state != "running":
        return
    prefix = current_app.config["GS1_COMPANY_PREFIX"]
    origin = Origin(company_id, row.person_id, "import", prefix)
    place = row.posted
    with Findings(row.check_key) as found:
        while chunk := found.good_after(place, posting.CHUNK):
            if not _post_chunk(import_id, chunk, origin):
                return
            place = chunk[-1][0]
            clock.breathe()
    write(lambda on: posting.finish(import_id, company_id, on=on))


def _post_chunk(import_id: int, chunk: posting.Chunk, origin: Origin) -> bool:
    return write(lambda on: posting.post(import_id, chunk, origin, on=on))


jobs.handles(KIND, handle, lane=Lane.LONG)
