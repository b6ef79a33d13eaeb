"""What the page of a notice shows, at the member’s and at the desk: part by part."""

import secrets
from collections.abc import Mapping
from typing import Any

from portal.core.db import AnyRow
from portal.warehousing.inbound.queries import one as queries
from portal.warehousing.inbound.rules import states
from portal.warehousing.inbound.shown import words

LINES = 100  # on one page of the lines


def everything(notice: AnyRow, args: Mapping[str, str]) -> dict[str, Any]:
    """Return all that the page of a notice shows."""
    shown = of_lines(notice, args)
    return {
        **of_head(notice),
        **shown,
        **of_differences(notice),
        **of_papers(notice),
        "total": words.total_progress(shown["all_lines"]),
        "once": secrets.token_urlsafe(12),
    }


def of_head(notice: AnyRow) -> dict[str, Any]:
    """Return what the head shows: state, steps, what may be done."""
    return {
        "notice": notice,
        "steps": words.steps(notice),
        "done": notice.status == "completed",
        "words": words,
        "may_edit": notice.status in states.EDITABLE,
        "may_cancel": notice.status in states.CANCELLABLE,
        "may_choose": notice.status in states.EXPECTED,
    }


def of_lines(notice: AnyRow, args: Mapping[str, str]) -> dict[str, Any]:
    """Return what the part about lines shows: a page of them, from ``line`` on."""
    rows = queries.lines_of(notice)
    first = args.get("line", "1")
    begin = int(first) - 1 if first.isascii() and first.isdigit() and len(first) < 7 else 0
    begin = begin if 0 <= begin < len(rows) else 0
    return {
        "notice": notice,
        "all_lines": rows,
        "lines": rows[begin : begin + LINES],
        "begin": begin,
        "earlier": max(begin - LINES, 0) + 1 if begin else None,
        "further": begin + LINES + 1 if begin + LINES < len(rows) else None,
        "words": words,
    }


def of_differences(notice: AnyRow) -> dict[str, Any]:
    """Return what the part about differences shows; none are read before goods were received."""
    has_some = notice.status in states.PUTTABLE
    rows = queries.differences_of(notice) if has_some else ()
    return {"notice": notice, "differences": rows, "words": words, **words.TABLES}


def of_papers(notice: AnyRow) -> dict[str, Any]:
    """Return what the part about papers shows; nothing is read before goods were received."""
    has_some = notice.status in states.PUTTABLE
    return {
        "notice": notice,
        "receipts": queries.receipts_of(notice) if has_some else (),
        "photos": photos_of(notice) if has_some else (),
        "files": queries.files_of(notice),
        "words": words,
    }


def photos_of(notice: AnyRow) -> list[AnyRow]:
    """Return the scans of a notice of which there is a photo, each photo once."""
    seen: set[str] = set()
    found = []
    for scan in queries.scans_of(notice):
        if scan.picture_key and scan.picture_key not in seen:
            seen.add(scan.picture_key)
            found.append(scan)
    return found
