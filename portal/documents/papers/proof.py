"""What is known of a delivery: when, where, what was said, and the photos with their hashes."""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PIL import Image

from portal.core.pdf.sheets import Sheet
from portal.documents.papers import flow, frame
from portal.documents.papers.flow import LEFT, RIGHT, Strip
from portal.documents.papers.frame import Words
from portal.documents.papers.marks import GREY, LINE

_PHOTO_W, _PHOTO_H, _BETWEEN = 88.0, 62.0, 6.0
MOST_PHOTOS = 6


@dataclass(frozen=True)
class Photo:
    """A photo of the delivery as JPEG."""

    content: bytes
    sha256: str
    at: str


@dataclass(frozen=True)
class Proof:
    """What is known of a delivery."""

    at: str
    place: str
    note: str
    photos: tuple[Photo, ...]


def proven(sheet: Sheet, proof: Proof, words: Words) -> Iterator[Strip]:
    """Give the strips of the proof."""
    yield Strip(4.0, lambda _sheet, _y: None)
    yield frame.grid([[(words["delivered"], proof.at), (words["place"], proof.place)]])
    yield from flow.prose(sheet, words["receiver"], proof.note)
    for n in range(0, len(proof.photos), 2):
        yield Strip(_PHOTO_H + 13, _pair(proof.photos[n : n + 2]))


def _pair(photos: Sequence[Photo]) -> Callable[[Sheet, float], None]:
    def paint(sheet: Sheet, y: float) -> None:
        for n, photo in enumerate(photos):
            _photo(sheet, LEFT + n * (_PHOTO_W + _BETWEEN), y + 3, photo)

    return paint


def _photo(sheet: Sheet, x: float, y: float, photo: Photo) -> None:
    """Draw a photo in a plain frame, time and hash below."""
    sheet.box(x, y, _PHOTO_W, _PHOTO_H, edge=0.2, colour=LINE)
    with Image.open(io.BytesIO(photo.content)) as picture:
        wide, tall = picture.size
    scale = min((_PHOTO_W - 2) / wide, (_PHOTO_H - 2) / tall)
    sheet.picture(
        x + (_PHOTO_W - wide * scale) / 2,
        y + (_PHOTO_H - tall * scale) / 2,
        photo.content,
        (wide * scale, tall * scale),
    )
    sheet.text(x, y + _PHOTO_H + 4, photo.at, 7.5, room=RIGHT - LEFT)
    sheet.text(x, y + _PHOTO_H + 7.6, f"SHA-256 {photo.sha256}", 5.4, room=_PHOTO_W, colour=GREY)
