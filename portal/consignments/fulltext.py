"""What of a consignment can be searched for."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection

from portal.core import search
from portal.core.fulltext import FullText

INDEX = FullText("consignment_words")
FIELDS = (
    "no",
    "order_ref",
    "consignee_name",
    "consignee_city",
    "consignee_address",
    "consignee_phone",
    "consignor_name",
    "consignor_city",
    "note",
)


def words(row: Mapping[str, Any]) -> str:
    """Return the search words of a consignment's columns; its phone also by its last four."""
    phone = row.get("consignee_phone") or ""
    return search.document(*map(row.get, FIELDS), phone[-4:])


def add(rows: Iterable[tuple[int, Mapping[str, Any]]], *, on: Connection) -> None:
    """Make new consignments findable: (id, columns)."""
    INDEX.add(((id_, row["company_id"], words(row)) for id_, row in rows), on=on)


def change(row: Mapping[str, Any], *, on: Connection) -> None:
    """Make a consignment findable by what it says now."""
    INDEX.change(row["id"], row["company_id"], words(row), on=on)
