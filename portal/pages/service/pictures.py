"""Pictures of pages: opened, written anew in several widths, each picture once."""

import hashlib
import io
import secrets
from typing import Any

from PIL import Image
from sqlalchemy import select

from portal.core import clock, files
from portal.core.aside import aside
from portal.core.db import db
from portal.pages.models import PagePicture

WIDTHS = (640, 1280, 1920)  # px
QUALITY = 82
KEY_BYTES = 10


def keep(data: bytes, *, by_id: int | None) -> dict[str, Any]:
    """Keep a picture and return {key, width, height} for a version.

    Raises Invalid and TooLarge as ``files.keep_picture`` does.
    """
    digest = hashlib.sha256(data).hexdigest()
    known = db.session.scalar(select(PagePicture).where(PagePicture.sha256 == digest).limit(1))
    if known is not None:
        return _as_kept(known)
    largest = files.keep_picture(data)
    size, made = aside(_narrower, files.read(largest.key))
    sizes = {str(size[0]): _as_file(largest)}
    for width, narrow in made.items():
        sizes[str(width)] = _as_file(files.keep(narrow, "image/jpeg"))
    picture = PagePicture(
        key=secrets.token_hex(KEY_BYTES),
        width=size[0],
        height=size[1],
        files=sizes,
        sha256=digest,
        made_by_id=by_id,
        made_at=clock.now(),
    )
    db.session.add(picture)
    db.session.flush()
    return _as_kept(picture)


def _as_kept(picture: PagePicture) -> dict[str, Any]:
    return {"key": picture.key, "width": picture.width, "height": picture.height}


def _as_file(stored: files.Stored) -> dict[str, Any]:
    return {"key": stored.key, "sha256": stored.sha256, "size": stored.size}


def _narrower(data: bytes) -> tuple[tuple[int, int], dict[int, bytes]]:
    """Return the size of a picture, and it in each of WIDTHS below its own."""
    with Image.open(io.BytesIO(data)) as picture:
        whole = picture.convert("RGB")
    return whole.size, {width: _scaled(whole, width) for width in WIDTHS if width < whole.width}


def _scaled(picture: Image.Image, width: int) -> bytes:
    height = max(1, round(picture.height * width / picture.width))
    output = io.BytesIO()
    scaled = picture.resize((width, height), Image.Resampling.LANCZOS)
    scaled.save(output, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return output.getvalue()
