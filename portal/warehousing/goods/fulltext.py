"""What of goods can be searched for: codes, GTINs, names in every language."""

from collections.abc import Iterable, Mapping
from typing import Any

from portal.core import search
from portal.core.fulltext import FullText

INDEX = FullText("sku_words")


def words(row: Mapping[str, Any], gtins: Iterable[str | None] = ()) -> str:
    """Return the search words of a SKU's columns; ``gtins`` are those of its larger units."""
    return search.document(row["code"], row.get("gtin"), *row["names"].values(), *gtins)
