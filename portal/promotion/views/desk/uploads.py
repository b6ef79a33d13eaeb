"""Files that come with a creative's form: read by content, kept, told to the service."""

import io
from collections.abc import Mapping
from typing import Any

from flask import request
from PIL import Image

from portal.core import files
from portal.core.errors import FieldError, Invalid, PortalError
from portal.promotion.rules import content

PICTURES = {"picture_hant": "zh-Hant", "picture_en": "en"}


def kept(kind: str) -> Mapping[str, Any]:
    """Keep the files that were sent; return the values of a NewCreative that follow from them.

    Raises Invalid that names the field of a file which is not what it should be.
    """
    values: dict[str, Any] = {"pictures": {}}
    if data := _sent("picture"):
        values["picture"] = _picture("picture", data)
        values["size"] = _size(values["picture"])
    for name, tag in PICTURES.items():
        if data := _sent(name):
            values["pictures"][tag] = _picture(name, data)
    if data := _sent("media"):
        values["media"], values["media_type"] = _media(kind, data)
    return values


def _sent(name: str) -> bytes:
    """Return what was sent in a field; empty where nothing was chosen."""
    file = request.files.get(name)
    return file.read() if file else b""


def _picture(name: str, data: bytes) -> str:
    try:
        return files.keep_picture(data).key
    except PortalError as error:
        raise Invalid(None, [FieldError(name, str(error))]) from None


def _size(key: str) -> tuple[int, int]:
    with Image.open(io.BytesIO(files.read(key))) as picture:
        return picture.size


def _media(kind: str, data: bytes) -> tuple[str, str]:
    try:
        if kind == "html5":
            return files.keep(content.checked_html(data), "text/html").key, "text/html"
        media_type = content.checked_media(data, kind)
        return files.keep(data, media_type).key, media_type
    except PortalError as error:
        raise Invalid(None, [FieldError("media", str(error))]) from None
