"""Whether papers can be printed here: said when the portal starts, and by a command."""

from typing import Any

import structlog

from portal.core.pdf import typefaces

log = structlog.get_logger()
REMEDY = "Run `python3 dev.py setup` (docs/documents.md)."


def look(_state: Any = None) -> None:
    """Write into the log which font files are missing, if any are."""
    if missing := typefaces.missing_files():
        log.error("fonts.missing", files=missing, folder=str(typefaces.FOLDER), remedy=REMEDY)


def fault() -> str:
    """Return a sentence for operators that says what is missing; empty where nothing is."""
    missing = typefaces.missing_files()
    if not missing:
        return ""
    return f"Papers cannot be printed: {', '.join(missing)} not in {typefaces.FOLDER}. {REMEDY}"
