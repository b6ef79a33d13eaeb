"""The demo's history under seal: most of it does not stand in the log of events."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from portal.consignments import sealing
from portal.consignments.events import HistorySealed

Rows = list[dict[str, Any]]


def seals(histories: Iterable[tuple[int, Rows]]) -> Iterator[HistorySealed]:
    """Yield the seals of ``histories``: consignment id → its tracking events as written.

    They come by id, and all of a group (``sealing.GROUP``) at once.
    """
    for group, members in groupby(histories, lambda each: sealing.group_of(each[0])):
        told = list(members)
        sealed = [sealing.history(consignment, _values(rows)) for consignment, rows in told]
        yield sealing.seal(sealed, group=group, upto=told[-1][1][-1]["id"])


def _values(rows: Rows) -> list[sealing.Values]:
    return [
        (
            row["id"],
            row["company_id"],
            row["consignment_id"],
            row["seq"],
            row["piece_id"],
            row["classifier"],
            row["code"],
            row["reason"],
            _text(row["occurred_at"]),
            None,
            _text(row["recorded_at"]),
            row["place"],
            None,
            None,
            None,
            row["source"],
            None,
            row["actor_id"],
            row["published"],
            row["note"],
            row["retracts_id"],
            row["status_after"],
        )
        for row in rows
    ]


def _text(at: str | datetime) -> str:
    return at if isinstance(at, str) else f"{at:%Y-%m-%d %H:%M:%S.%f}"
