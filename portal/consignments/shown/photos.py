"""Photos of events, as every page of a consignment shows them."""

from typing import Any

from flask import Response

from portal.core import files


def shown(attachment: Any) -> Response:
    """Return the picture of an attachment that the asker was found to be allowed to see."""
    answer = Response(files.read(attachment.file_key), mimetype=attachment.media_type)
    answer.headers["Content-Disposition"] = "inline"
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer
