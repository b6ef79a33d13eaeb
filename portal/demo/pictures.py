"""Photos of the demo: cartons drawn on a dock, kept as real JPEG files."""

import io
from random import Random
from typing import Any

from PIL import Image, ImageDraw

from portal.core import files
from portal.demo.people import reference

SIZE = (960, 720)
KINDS = 6  # different photos; many events show the same one
_CARTONS = ((190, 150, 105), (201, 164, 118), (176, 138, 96), (212, 178, 132))


class Pictures:
    """Draws each photo once and attaches it where it is asked for."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.kept: list[files.Stored] = []

    def attach(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return the row of an attachment for the event in ``row``."""
        if len(self.kept) < KINDS:
            self.kept.append(files.keep_picture(draw(self.rng)))
        photo = self.rng.choice(self.kept)
        return {
            **row,
            "ref": reference(self.rng, "F"),
            "file_key": photo.key,
            "media_type": photo.media_type,
            "size": photo.size,
            "sha256": photo.sha256,
        }


def draw(rng: Random) -> bytes:
    """Return a JPEG of cartons on the floor of a dock."""
    picture = Image.new("RGB", SIZE, (198, 203, 207))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 470, 960, 720), fill=(140, 145, 148))
    pen.polygon(((0, 560), (960, 500), (960, 512), (0, 574)), fill=(222, 186, 60))
    for left in range(40, 960, 240):
        pen.rectangle(
            (left, 60, left + 180, 420), fill=(170, 177, 182), outline=(120, 126, 130), width=4
        )
    left = 90 + rng.randrange(60)
    while left < 760:
        width, height = rng.randint(150, 230), rng.randint(110, 190)
        _carton(pen, rng, (left, 610 - height, width, height))
        left += width + rng.randint(14, 60)
    output = io.BytesIO()
    picture.save(output, "JPEG", quality=82)
    return output.getvalue()


def _carton(pen: ImageDraw.ImageDraw, rng: Random, box: tuple[int, int, int, int]) -> None:
    left, top, width, height = box
    front = rng.choice(_CARTONS)
    side = (front[0] - 28, front[1] - 26, front[2] - 22)
    deep = 34
    pen.rectangle((left, top, left + width, top + height), fill=front)
    lid = (
        (left, top),
        (left + deep, top - deep),
        (left + width + deep, top - deep),
        (left + width, top),
    )
    pen.polygon(lid, fill=(front[0] + 18, front[1] + 18, front[2] + 16))
    right, floor = left + width, top + height
    pen.polygon(
        ((right, top), (right + deep, top - deep), (right + deep, floor - deep), (right, floor)),
        fill=side,
    )
    middle = left + width // 2
    pen.rectangle((middle - 9, top, middle + 9, top + height), fill=(226, 205, 165))
    _label(pen, rng, left + 14, top + height - 62)
    if rng.random() < 0.4:
        pen.line(
            (right - 40, top + 8, right - 22, top + 30, right - 36, top + 52),
            fill=(80, 58, 38),
            width=4,
        )


def _label(pen: ImageDraw.ImageDraw, rng: Random, left: int, top: int) -> None:
    pen.rectangle((left, top, left + 58, top + 46), fill=(250, 250, 248))
    bar = left + 5
    while bar < left + 52:
        width = rng.randint(1, 3)
        pen.rectangle((bar, top + 6, bar + width - 1, top + 30), fill=(20, 20, 20))
        bar += width + rng.randint(1, 3)
    pen.rectangle((left + 5, top + 36, left + 44, top + 39), fill=(60, 60, 60))
