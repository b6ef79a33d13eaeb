"""Files of pages on their way out: text is packed, and what is named by its content is kept.

gunicorn compresses nothing. Here it is done for files of ``/static`` alone, which are the same for
everybody: an answer that holds both a secret and words of a stranger must not be compressed, since
its length would tell of the secret (BREACH). Each file is packed once and kept in memory. A proxy
that serves ``/static`` itself (docs/operations.md) never asks us.
"""

import gzip
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, request

from portal.core import look

LEAST = 1024  # bytes: what is smaller travels in one packet anyway
FOR_EVER = "public, max-age=31536000, immutable"
TYPES = (
    "text/",
    "application/json",
    "application/javascript",
    "application/wasm",
    "image/svg+xml",
)


def init_app(app: Flask) -> None:
    """Pack the static files of ``app`` for browsers that take them so."""
    app.after_request(_pack)


def _pack(response: Response) -> Response:
    if request.endpoint != "static" or response.status_code != 200:
        return response
    name = str((request.view_args or {}).get("filename", ""))
    if request.args.get("v") == look.version(name):
        response.headers["Cache-Control"] = FOR_EVER
    if (response.mimetype or "").startswith(TYPES) and (response.content_length or 0) >= LEAST:
        response.vary.add("Accept-Encoding")
        if request.accept_encodings["gzip"] > 0:
            _replace(response, look.STATIC / name)
    return response


def _replace(response: Response, path: Path) -> None:
    """Put the packed file in place; its tag becomes a weak one, shared by both forms."""
    data = _packed(path, path.stat().st_mtime_ns)
    getattr(response.response, "close", int)()  # the file that is not sent
    response.direct_passthrough = False
    response.set_data(data)
    response.headers["Content-Encoding"] = "gzip"
    response.headers.pop("Accept-Ranges", None)
    tag, _is_weak = response.get_etag()
    if tag is not None:
        response.set_etag(tag, weak=True)


@lru_cache(maxsize=256)
def _packed(path: Path, _changed_ns: int) -> bytes:
    """Return a file packed; anew when it has changed."""
    return gzip.compress(path.read_bytes(), 9, mtime=0)
