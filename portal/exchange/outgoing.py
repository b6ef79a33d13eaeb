"""Sheets as answers: streamed, named with the day, in the format that was asked for."""

from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote

from flask import Response, stream_with_context

from portal.core import clock
from portal.exchange.rules.writers import Value, write_csv
from portal.exchange.rules.xlsx import write_xlsx

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def attachment(
    headers: Sequence[str], rows: Iterable[Sequence[Value]], name: str, file_format: str
) -> Response:
    """Return a sheet to be kept, written while its rows are read."""
    write = write_csv if file_format == "csv" else write_xlsx
    today = clock.now().astimezone(clock.zone()).date()
    answer = Response(
        stream_with_context(_streamed(write(headers, rows))), content_type=TYPES[file_format]
    )
    full = f"{name}-{today}.{file_format}"
    plain = full.encode("ascii", "ignore").decode().replace('"', "").strip("- ") or "list"
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(full, safe='')}"
    )
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


def _streamed(parts: Iterator[bytes]) -> Iterator[bytes]:
    for part in parts:
        yield part
        clock.breathe()
