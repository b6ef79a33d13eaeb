"""Files of messages: sent to be saved, never shown as part of a page."""

from typing import Any

from flask import Response

from portal.core import files


def download(row: Any) -> Response:
    """Return a kept file to be saved, never to be shown as part of a page."""
    answer = Response(files.read(row.file_key), mimetype=row.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=row.name)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
