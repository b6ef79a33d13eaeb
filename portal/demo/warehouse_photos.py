"""Photos of the demo's goods: plain shapes on light grey, drawn when the demo is loaded."""

import io

from PIL import Image, ImageDraw

SIZE = (640, 640)
#: Shape → what is drawn of it: (kind, box, share of white mixed into the colour).
_SHAPES: dict[str, tuple[tuple[str, tuple[int, int, int, int], float], ...]] = {
    "box": (
        ("rect", (130, 220, 510, 520), 0.0),
        ("rect", (110, 170, 530, 250), 0.15),
        ("rect", (295, 170, 345, 520), 0.75),
    ),
    "bottle": (
        ("rect", (280, 90, 360, 190), 0.55),
        ("round", (225, 170, 415, 550), 0.0),
        ("rect", (225, 300, 415, 440), 0.8),
    ),
    "tin": (
        ("round", (190, 150, 450, 540), 0.0),
        ("rect", (190, 150, 450, 200), 0.35),
        ("rect", (230, 270, 410, 430), 0.8),
    ),
    "cup": (
        ("oval", (400, 270, 520, 430), 0.2),
        ("oval", (425, 300, 495, 400), 1.0),
        ("round", (170, 230, 430, 500), 0.0),
    ),
    "bowl": (
        ("half", (120, 160, 520, 560), 0.0),
        ("rect", (250, 540, 390, 570), 0.2),
        ("oval", (120, 325, 520, 395), 0.4),
    ),
    "soft": (("round", (120, 150, 520, 530), 0.0), ("round", (165, 195, 475, 485), 0.25)),
    "lamp": (
        ("rect", (312, 250, 328, 560), 0.5),
        ("half", (200, 60, 440, 300), 0.0),
        ("rect", (230, 550, 410, 572), 0.3),
    ),
    "device": (
        ("round", (120, 200, 520, 470), 0.0),
        ("round", (150, 230, 490, 440), 0.2),
        ("oval", (305, 445, 335, 460), 0.7),
    ),
    "container": (
        ("rect", (90, 220, 550, 520), 0.0),
        *(("rect", (left, 245, left + 22, 495), 0.25) for left in range(125, 520, 44)),
        ("rect", (90, 220, 550, 240), 0.4),
    ),
    "pallet": (
        ("rect", (220, 200, 420, 350), 0.4),
        ("rect", (120, 355, 315, 500), 0.0),
        ("rect", (325, 355, 520, 500), 0.2),
        ("rect", (100, 505, 540, 525), 0.55),
        *(("rect", (left, 525, left + 60, 560), 0.55) for left in (110, 290, 470)),
    ),
    "gate": (
        ("rect", (100, 130, 540, 560), 0.0),
        ("rect", (160, 220, 480, 560), 0.85),
        *(("rect", (160, top, 480, top + 8), 0.55) for top in range(270, 540, 55)),
        ("round", (255, 145, 385, 205), 0.85),
    ),
    "certificate": (
        ("rect", (150, 100, 490, 550), 0.85),
        ("rect", (190, 150, 450, 190), 0.0),
        *(("rect", (190, top, 450, top + 14), 0.5) for top in (245, 295, 345)),
        ("oval", (350, 410, 450, 510), 0.0),
        ("oval", (375, 435, 425, 485), 0.6),
    ),
}


def draw(shape: str, colour: str) -> bytes:
    """Return a picture of a shape in a colour (six hexadecimal digits)."""
    picture = Image.new("RGB", SIZE, (236, 239, 240))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((110, 520, 530, 590), fill=(214, 219, 221))
    base = tuple(int(colour[place : place + 2], 16) for place in (0, 2, 4))
    for kind, box, white in _SHAPES[shape]:
        fill_ = tuple(round(part + (255 - part) * white) for part in base)
        if kind == "oval":
            pen.ellipse(box, fill=fill_)
        elif kind == "half":
            pen.chord(box, 0 if shape == "bowl" else 180, 180 if shape == "bowl" else 360, fill_)
        else:
            pen.rounded_rectangle(box, 46 if kind == "round" else 6, fill=fill_)
    output = io.BytesIO()
    picture.save(output, "PNG")
    return output.getvalue()
