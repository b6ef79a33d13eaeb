"""The job that makes a batch of papers, and the deletion of its file once it is old."""

from typing import Any

import structlog
from sqlalchemy import Row
from sqlalchemy.exc import DBAPIError

from portal.core import clock, files, i18n, jobs
from portal.core.aside import aside
from portal.core.db import db, transaction
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.core.jobs import Lane
from portal.documents import printing, queries, service
from portal.documents.drawing import Drawing
from portal.documents.evidence import many as evidence
from portal.documents.rules import Paper
from portal.documents.words import words

KIND = "print"
CHUNK = 50  # consignments read and drawn at once
log = structlog.get_logger()


def owe(batch_id: int) -> None:
    """Let a worker make the batch, in the transaction that ordered it."""
    jobs.owe(KIND, {"batch": batch_id})


def handle(payload: dict[str, Any]) -> None:
    """Carry out a job; bears being run twice and being cut off anywhere: it begins anew.

    What the database refuses is raised, to be tried again; any other failure ends the batch.
    """
    batch_id = payload["batch"]
    with transaction():
        batch = service.begin(batch_id)
    if batch is None:
        return
    with i18n.speaking(batch.language):
        try:
            evidence.make(batch) if batch.paper == Paper.EVIDENCE else _make(batch)
        except DBAPIError:
            raise
        except PortalError as fault:
            _fail(batch_id, str(fault))
        except Exception as fault:
            log.error("print.failed", error=type(fault).__name__, exc_info=fault)
            sentence = _("Something went wrong on our side. Start it again, or call us.")
            _fail(batch_id, sentence)


def _fail(batch_id: int, sentence: str) -> None:
    db.session.rollback()
    with transaction():
        service.fail(batch_id, sentence)


def _make(batch: Row[Any]) -> None:
    drawing = Drawing(Paper(batch.paper), batch.language, words(), printing.brand())
    for start in range(0, len(batch.nos), CHUNK):
        nos = batch.nos[start : start + CHUNK]
        chosen = [printing.facts_of(*found) for found in queries.papers_of(batch, nos)]
        db.session.commit()  # ends the read
        aside(drawing.add, chosen)
        with transaction():
            goes_on = service.progress(batch, start + len(nos), start)
        if not goes_on:
            return
        clock.breathe()
    _keep(batch, aside(drawing.finish), drawing.pages)


def _keep(batch: Row[Any], content: bytes, pages: int) -> None:
    stored = files.keep(content, printing.PDF)
    try:
        with transaction():
            kept = service.finish(batch, key=stored.key, size=stored.size, pages=pages)
    except BaseException:
        _delete(stored.key)
        raise
    if not kept:
        _delete(stored.key)


def tidy() -> int:
    """Delete the files that are past their time; return how many."""
    with transaction():
        keys = service.expire()
    for key in keys:
        _delete(key)
    return len(keys)


def _delete(key: str) -> None:
    files.path(key).unlink(missing_ok=True)


jobs.handles(KIND, handle, lane=Lane.LONG)
