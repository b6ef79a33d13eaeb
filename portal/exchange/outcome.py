"""The file that is handed back: the rows as they came, each with what is wrong or became of it."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from flask import Response, send_file
from sqlalchemy import Row

from portal.core import clock, files, sentences
from portal.core.aside import aside
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.exchange import queries
from portal.exchange.findings import Cell, Findings
from portal.exchange.outgoing import attachment
from portal.exchange.rules.sheets import Row as Line
from portal.exchange.rules.sheets import Sheet
from portal.exchange.service.checking import opened

BATCH = 500  # rows
Values = list[str]


def response(row: Row[Any], which: str, file_format: str) -> Response:
    """Return ``which`` (problems: the bad rows only; result: all) of a checked import.

    Raises NotFound where nothing was checked yet.
    """
    if not row.check_key or not row.headers:
        raise NotFound(_("This file was not checked yet."))
    sheet = aside(opened, files.read(row.file_key), row.reading)
    name = row.name.rpartition(".")[0] or row.name
    if which == "problems":
        headers = [*sheet.headers, _("What is wrong")]
        return attachment(headers, _problems(row, sheet), f"{name}-{which}", file_format)
    headers = [*sheet.headers, _("Result"), _("Consignment"), _("What is wrong")]
    return attachment(headers, _results(row, sheet), f"{name}-{which}", file_format)


def original(row: Row[Any]) -> Response:
    """Return the file as it came."""
    answer = send_file(
        files.path(row.file_key),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=row.name,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _problems(row: Row[Any], sheet: Sheet) -> Iterator[Values]:
    with Findings(row.check_key) as findings:
        for lines in _batches(sheet):
            fates, problems = findings.of_lines(lines[0].line, lines[-1].line)
            for line in lines:
                bad = [p for p in problems.get(line.line, ()) if p.is_bad]
                fate = fates.get(line.line)
                if bad or (fate and fate.is_bad):
                    yield [*_fitted(line, sheet), _said(bad) or _("See the other rows of it.")]


def _results(row: Row[Any], sheet: Sheet) -> Iterator[Values]:
    with Findings(row.check_key) as findings:
        for lines in _batches(sheet):
            fates, problems = findings.of_lines(lines[0].line, lines[-1].line)
            made = queries.made_of(row, list({fate.ref for fate in fates.values()}))
            db.session.commit()
            for line in lines:
                fate = fates.get(line.line)
                number, ours = made.get(fate.ref, ("", False)) if fate else ("", False)
                became = _became(number, ours, bool(fate and fate.is_bad))
                number = "" if fate and fate.is_bad else number
                said = _said(problems.get(line.line, []))
                yield [*_fitted(line, sheet), became, number, said]


def _batches(sheet: Sheet) -> Iterator[list[Line]]:
    rows = sheet.rows()
    while lines := list(islice(rows, BATCH)):
        yield lines
        clock.breathe()


def _fitted(line: Line, sheet: Sheet) -> Values:
    return list(line.cells[: len(sheet.headers)])


def _became(number: str, ours: bool, is_bad: bool) -> str:
    if is_bad:
        return _("Not imported")
    if not number:
        return _("Good, not imported yet")
    return _("Created") if ours else _("There already")


def _said(problems: list[Cell]) -> str:
    return "\n".join(
        f"{p.header}: {sentences.said(p.message)}" if p.header else sentences.said(p.message)
        for p in problems
    )
