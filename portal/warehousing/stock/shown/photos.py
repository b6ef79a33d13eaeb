"""The photo of a movement."""

from flask import Response, abort, send_file

from portal.core import files
from portal.core.db import AnyRow


def shown(movement: AnyRow) -> Response:
    """Return the photo of a movement that the asker was found to be allowed to see."""
    if movement.picture_key is None:
        abort(404)
    answer = send_file(files.path(movement.picture_key), mimetype="image/jpeg")
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer
