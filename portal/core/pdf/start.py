"""Whether papers can be printed here: said when the portal starts, and by a command."""

from typing import Any

import structlog

from portal.core.pdf import typefaces

log = structlog.get_logger()
REMEDY = "Run `python3 dev.py setup` (docs/documents.md)."


def look(_state: Any = None) -> list[str]:
    """Return what is missing, one sentence each, having written it into the log."""
    missing = typefaces.missing_files()
    if not missing:
        return []
    sentence = f"Papers cannot be printed: {', '.join(missing)} not in {typefaces.FOLDER}. {REMEDY}"
    log.error("fonts.missing", files=missing, folder=str(typefaces.FOLDER), remedy=REMEDY)
    return [sentence]
