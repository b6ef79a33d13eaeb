"""Kept files as they are sent: papers to be saved, photos to be looked at."""

from typing import Any

from flask import Response

from portal.core import files


def document(row: Any) -> Response:
    """Return a paper to be saved, never to be shown as part of a page."""
    answer = Response(files.read(row.key), mimetype=row.about["type"])
    answer.headers.set("Content-Disposition", "attachment", filename=row.name)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def picture(key: str) -> Response:
    """Return a photo that the asker was found to be allowed to see."""
    answer = Response(files.read(key), mimetype="image/jpeg")
    answer.headers["Content-Disposition"] = "inline"
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer
