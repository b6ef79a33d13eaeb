"""What has been delivered already: lines of one consignment added up, nothing counted twice.

A cell may say that its figure stands on another line (``See ASN-93 (ID#:1281)``, ``见 A-7
(行号: 12)``): that line's figure counts once, where it stands. Words in a figure's place are
kept as given and count as nothing; nothing unknown is ever zero.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from portal.core.i18n import lazy as _l
from portal.exchange.rules.line import Line
from portal.exchange.rules.problems import Problem

SEE = re.compile(
    r"(?:see|refer to|ref\.?|见|見|参见|參見|同)\s*:?\s*.{0,80}?"
    r"[(（]\s*(?:id|line|line id|行号|行號|序号|序號)\s*[#:：№no.]*\s*([\w./-]{1,64})\s*[)）]",
    re.IGNORECASE,
)
SUMMED = {"freight": "freight", "insurance": "insurance", "value": "line_value"}
LINE_FIELDS = ("goods", "quantity", "unit", "origin", "product_group")


def seen_line(given: str) -> str | None:
    """Return the number of the line that a cell sends its reader to, or None."""
    found = SEE.fullmatch(given.strip())
    return found[1] if found else None


def is_on_time(planned: date | None, delivered: date | None) -> bool | None:
    """Say whether the delivery was on or before the planned day; None where one is unknown."""
    return None if planned is None or delivered is None else delivered <= planned


def history(lines: Sequence[Line]) -> dict[str, Any]:
    """Return the history part of one consignment.

    Days are ISO dates, the latest of the lines; ``freight``, ``insurance`` and ``value`` are
    ``{"minor", "currency"}`` sums or None, ``weight_g`` a sum or None; ``remarks`` and
    ``references`` are texts as given by column, several joined by “; ”.
    """
    days = {key: _latest(lines, key) for key in ("planned", "delivered", "recorded")}
    return {
        **{key: day.isoformat() if day else None for key, day in days.items()},
        "on_time": is_on_time(days["planned"], days["delivered"]),
        "mode": _first(lines, "mode"),
        "status": _first(lines, "status"),
        "weight_g": _sum(line.values.get("weight") for line in lines),
        **{name: _money(lines, key) for name, key in SUMMED.items()},
        "remarks": _merged(line.kept for line in lines),
        "references": _merged(line.references for line in lines),
        "lines": [_line(line) for line in lines],
    }


def _line(line: Line) -> dict[str, Any]:
    values = line.values
    return {
        "line": line.line,
        "id": values.get("line_id"),
        **{key: values.get(key) for key in LINE_FIELDS},
        "weight_g": values.get("weight"),
        **{name: values.get(key) for name, key in SUMMED.items()},
        "sees": dict(line.sees),
        "remarks": dict(line.kept),
        "references": dict(line.references),
    }


def _latest(lines: Sequence[Line], key: str) -> date | None:
    return max((line.values[key] for line in lines if key in line.values), default=None)


def _first(lines: Sequence[Line], key: str) -> Any:
    return next((line.values[key] for line in lines if key in line.values), None)


def _sum(figures: Iterable[int | None]) -> int | None:
    known = [figure for figure in figures if figure is not None]
    return sum(known) if known else None


def _money(lines: Sequence[Line], key: str) -> dict[str, Any] | None:
    amounts = [line.values[key] for line in lines if key in line.values]
    if not amounts or len({amount["currency"] for amount in amounts}) > 1:
        return None
    return {
        "minor": sum(amount["minor"] for amount in amounts),
        "currency": amounts[0]["currency"],
    }


def _merged(texts: Iterable[dict[str, str]]) -> dict[str, str]:
    merged: dict[str, dict[str, None]] = {}
    for by_header in texts:
        for header, text in by_header.items():
            merged.setdefault(header, {})[text] = None
    return {header: "; ".join(distinct) for header, distinct in merged.items()}


def notes(
    lines: Sequence[Line], header_of: dict[str, str], places: dict[str, str]
) -> list[Problem]:
    """Return what to tell about cells that send their reader to another line."""
    mine = {line.values.get("line_id"): line for line in lines}
    found = []
    for line in lines:
        for key, target in line.sees.items():
            header = header_of[key]
            message = _seen(mine.get(target), key, target in places, target)
            found.append(Problem(line.line, header, key, line.kept[header], message, False, "see"))
    return found


def _seen(target: Line | None, key: str, elsewhere: bool, name: str) -> Any:
    if target is not None and key in target.values:
        return _l("Kept as given: the figure stands on line %(name)s and counts there.", name=name)
    if target is not None:
        return _l("Kept as given: line %(name)s has no figure either.", name=name)
    if elsewhere:
        return _l("Kept as given: line %(name)s belongs to another consignment.", name=name)
    return _l("Kept as given: the file has no line %(name)s.", name=name)
