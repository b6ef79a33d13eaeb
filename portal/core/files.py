"""Files that people hand in: kept outside the web root under random names.

The type is read from the content, never believed from the name; pictures are opened, limited
in size and pixels, and written anew so that nothing but the picture remains.
"""

import hashlib
import io
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app
from PIL import Image, ImageOps

from portal.core import sniff
from portal.core.aside import aside
from portal.core.errors import Invalid, NotFound, TooLarge
from portal.core.i18n import lazy as _l

MAX_PICTURE_BYTES = 12 * 1024 * 1024
MAX_DOCUMENT_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000  # a phone's largest photo; a decompression bomb is larger
MAX_SIDE = 2560  # px, of the kept picture
PICTURE_FORMATS = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True)
class Stored:
    """A kept file: where it is, what it is, and the hash that proves it unchanged."""

    key: str
    media_type: str
    size: int  # bytes
    sha256: str


def folder() -> Path:
    """Return the folder of FILES_URL."""
    address = urlsplit(current_app.config["FILES_URL"])
    return Path(current_app.root_path).parent / (address.path or "instance/files")


def keep(data: bytes, media_type: str) -> Stored:
    """Keep ``data`` under a random name."""
    key = secrets.token_hex(16)
    path = _path(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return Stored(key, media_type, len(data), hashlib.sha256(data).hexdigest())


def read(key: str) -> bytes:
    """Return a kept file.

    Raises NotFound if it is not there.
    """
    try:
        return _path(key).read_bytes()
    except OSError:
        raise NotFound(_l("That file is not there any more.")) from None


def path(key: str) -> Path:
    """Return where a kept file lies, for reading it as a stream."""
    return _path(key)


def _path(key: str) -> Path:
    if len(key) != 32 or not key.isalnum():
        raise NotFound(_l("That file is not there any more."))
    return folder() / key[:2] / key


def keep_picture(data: bytes) -> Stored:
    """Keep a photo as JPEG without its metadata, upright, at most MAX_SIDE pixels a side.

    Raises TooLarge above MAX_PICTURE_BYTES, Invalid for anything that is not a picture we take.
    """
    if len(data) > MAX_PICTURE_BYTES:
        raise TooLarge(_l("The photo is larger than 12 MB. Please send a smaller one."))
    return keep(aside(_as_jpeg, data), "image/jpeg")


def keep_document(data: bytes, *, name: str) -> Stored:
    """Keep a file that somebody attached, if by its content it is of a kind that we take.

    PDF without scripts, pictures (written anew as JPEG), text, CSV, DOCX, XLSX. ``name`` is how
    the sender calls it; show it by ``clean_name(name, stored.media_type)``.
    Raises TooLarge above MAX_DOCUMENT_BYTES, Invalid for anything else, whatever its name.
    """
    if len(data) > MAX_DOCUMENT_BYTES:
        raise TooLarge(_l("The file is larger than 10 MB. Please send a smaller one."))
    if not data:
        raise Invalid(_l("The file is empty. Please choose it again."))
    kind = None if sniff.names_a_program(name) else aside(sniff.kind_of, data, name)
    if kind is None:
        raise Invalid(
            _l(
                "We cannot take this file. Please send PDF, a picture, text, CSV, Word (.docx) or "
                "Excel (.xlsx), without macros or scripts."
            )
        )
    return keep_picture(data) if kind == sniff.PICTURE else keep(data, kind)


def clean_name(name: str, media_type: str | None = None) -> str:
    """Return a file's name that is safe to show and to save (see ``sniff.clean_name``)."""
    return sniff.clean_name(name, media_type)


def forget(key: str) -> None:
    """Remove a kept file, if it is still there."""
    _path(key).unlink(missing_ok=True)


def _as_jpeg(data: bytes) -> bytes:
    output = io.BytesIO()
    _opened(data).save(output, "JPEG", quality=85, optimize=True)
    return output.getvalue()


def _opened(data: bytes) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(data), formats=PICTURE_FORMATS)
        if picture.width * picture.height > MAX_PIXELS:
            raise Invalid(_l("The photo has too many pixels. Please send a smaller one."))
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    except Invalid:
        raise
    except Exception:  # broken pictures fail in any way, such as by a TypeError over their EXIF
        raise Invalid(
            _l("That file is not a photo we can read. Please send JPEG, PNG or WebP.")
        ) from None
    upright.thumbnail((MAX_SIDE, MAX_SIDE))
    return upright
