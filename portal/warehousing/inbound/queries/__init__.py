"""Reads of what comes in; ``…_for(user, …)`` is the only way from a request to a row."""

from portal.warehousing.inbound.queries.many import Filter, notices_for
from portal.warehousing.inbound.queries.one import (
    differences_of,
    files_of,
    lines_of,
    receipts_of,
    scans_of,
    tasks_of,
)
from portal.warehousing.inbound.queries.visible import notice_for, visible_to

__all__ = [
    "Filter",
    "differences_of",
    "files_of",
    "lines_of",
    "notice_for",
    "notices_for",
    "receipts_of",
    "scans_of",
    "tasks_of",
    "visible_to",
]
