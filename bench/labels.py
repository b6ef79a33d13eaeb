"""What labels cost: one a file, many in one file, and one by the API.

The first figures are of this process alone, on one core, from rows of the centre's database to
the bytes of the PDF; the last one is of the server.
"""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from phases import Asker, Line

sys.path.insert(0, str(Path(__file__).parents[1]))

from sqlalchemy import select

from config import Config
from portal import create_app
from portal.accounts.access import User
from portal.accounts.roles import rights_of
from portal.consignments.models import Consignment
from portal.core import i18n, scope
from portal.core.db import db
from portal.documents import printing
from portal.documents.drawing import Drawing
from portal.documents.queries import papers_for
from portal.documents.rules import Paper
from portal.documents.words import words

TOGETHER = (200, 5000)  # labels in one file
STAFF = User(
    person_id=0, name="", email="", staff_role="dispatcher", rights=rights_of(None, "dispatcher")
)
Rows = Sequence[tuple[Any, Sequence[Any]]]


def lines(ask: Asker) -> Iterator[Line]:
    """Measure labels; give the lines of the table."""
    app = create_app(Config.from_env(ask.centre.environment | {"EMBEDDED_WORKERS": "0"}))
    with app.app_context(), i18n.speaking("zh-Hans"):
        rows = _rows(max(TOGETHER))
        yield _line("label PDF, one a file", lambda: _singles(rows, ask.seconds))
        for count in TOGETHER:
            few = rows[:count]
            name = f"label, {len(few):,} in one file".replace(",", " ")
            yield _line(name, partial(_one_file, few), each=len(few))
    caller = ask.caller(ask.staff)
    paths = [f"/api/v1/consignments/{row.no}/documents/label.pdf" for row, _ in rows]
    yield ask.line("label PDF by the API, 1 connection", lambda: _asked(caller, paths, ask.seconds))


def _rows(count: int) -> Rows:
    table = Consignment.__table__
    query = select(table.c.no).where(table.c.piece_count == 1).order_by(table.c.id.desc())
    nos = db.session.scalars(query.limit(count).execution_options(**scope.CENTRE)).all()
    found: Rows = papers_for(STAFF, nos)
    return found


def _line(name: str, measure: Callable[[], list[float]], each: int = 1) -> Line:
    busy = time.process_time()
    took = sorted(measure())
    busy = time.process_time() - busy
    done = len(took) * each
    mid, late = took[len(took) // 2], took[int(len(took) * 0.99)]
    return Line(name, done / sum(took) * 1000, busy / done * 1e6, mid, late)


def _singles(rows: Rows, seconds: float) -> list[float]:
    """Return what each label took, in ms."""
    took, end = [], time.perf_counter() + seconds
    for found in rows:
        began = time.perf_counter()
        if began > end:
            break
        _together([found])
        took.append((time.perf_counter() - began) * 1000)
    return took


def _together(rows: Rows) -> float:
    """Draw labels into one file; return what it took, in ms."""
    began = time.perf_counter()
    drawing = Drawing(Paper.LABEL, i18n.tag(), words(), printing.brand())
    for row, pieces in rows:
        drawing.add([printing.facts_of(row, pieces)])
    content = drawing.finish()
    assert content.startswith(b"%PDF-")
    assert drawing.pages == len(rows)
    return (time.perf_counter() - began) * 1000


def _one_file(rows: Rows) -> list[float]:
    return [_together(rows)]


def _asked(caller: Any, paths: Sequence[str], seconds: float) -> list[float]:
    took, end = [], time.perf_counter() + seconds
    for path in paths:
        began = time.perf_counter()
        if began > end:
            break
        caller.get(path)
        took.append((time.perf_counter() - began) * 1000)
    return took
