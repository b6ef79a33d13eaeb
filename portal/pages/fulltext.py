"""What of a page can be searched for: all it says, in every language."""

from typing import Any

from sqlalchemy import Connection

from portal.core import markdown, search
from portal.core.fulltext import FullText

INDEX = FullText("page_words")
MOST_TOKENS = 8000
EVERYBODY = 0  # owner of all of them


def words(version: dict[str, Any]) -> str:
    """Return the search words of a version: {texts, blocks}."""
    said = [value for text in version["texts"].values() for value in text.values()]
    for block in version["blocks"]:
        for part in (block, *block["items"]):
            said += [value for text in part["texts"].values() for value in text.values()]
    return search.document(*(markdown.plain(text) for text in said), most=MOST_TOKENS)


def change(page_id: int, version: dict[str, Any], *, on: Connection) -> None:
    """Make a page findable by what it says now."""
    INDEX.change(page_id, EVERYBODY, words(version), on=on)


def forget(page_id: int, *, on: Connection) -> None:
    """Make a page findable no more."""
    INDEX.change(page_id, EVERYBODY, "", on=on)
