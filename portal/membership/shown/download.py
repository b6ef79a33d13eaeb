"""Files of applications as answers: papers to be saved, the copy to be looked at."""

import io

from flask import send_file
from werkzeug.wrappers import Response

from portal.core import files
from portal.membership.models import Paper


def as_download(paper: Paper) -> Response:
    """Return a kept file as one to be saved: a browser never shows it by itself."""
    return send_file(
        io.BytesIO(files.read(paper.file_key)),
        paper.media_type,
        as_attachment=True,
        download_name=paper.name,
    )


def as_pdf(page: bytes, ref: str) -> Response:
    """Return a copy on paper."""
    return send_file(io.BytesIO(page), "application/pdf", download_name=f"{ref}.pdf")
