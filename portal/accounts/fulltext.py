"""What of a company can be searched for, in Chinese and in Latin letters."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from portal.core import search
from portal.core.fulltext import FullText

INDEX = FullText("company_words")
EVERYBODY = 0  # owner of all of them
FIELDS = ("ref", "name", "name_en", "credit_code", "city", "region")


def words(row: Mapping[str, Any]) -> str:
    """Return the search words of a company's columns; its phone also by its last four."""
    consignor = row["consignor"] or {}
    phone = str(consignor.get("phone") or "")
    return search.document(*(row[name] for name in FIELDS), phone, phone[-4:])


def renew(row: Mapping[str, Any], *, on: Connection) -> None:
    """Make a company findable by what its columns say now."""
    INDEX.change(row["id"], EVERYBODY, words(row), on=on)
