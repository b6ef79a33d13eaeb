"""Photos of goods, kept as small as lists need them."""

import io

from PIL import Image

from portal.core import files
from portal.core.aside import aside

SIDE = 800  # px: sharp on a sheet of a phone, light in a list


def keep(data: bytes) -> str:
    """Keep a photo; return its key. Raises Invalid or TooLarge as ``files.keep_picture``."""
    stored = files.keep_picture(data)
    small = aside(_small, files.read(stored.key))
    files.forget(stored.key)
    return files.keep(small, "image/jpeg").key


def _small(data: bytes) -> bytes:
    picture = Image.open(io.BytesIO(data))
    picture.thumbnail((SIDE, SIDE))
    output = io.BytesIO()
    picture.save(output, "JPEG", quality=82, optimize=True)
    return output.getvalue()
