"""Pictures of the demo's advertisements: flat, drawn in code, with words in each language.

What must be read stands in the middle half, which every zone shows.
"""

import io
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

SIZE = (1600, 320)
MIDDLE = 800
FONTS = Path(__file__).parent.parent / "data" / "fonts"
_CUTS = {"zh-Hant": "NotoSansTC", "zh-Hans": "NotoSansSC", "en": "NotoSans"}
Pen = ImageDraw.ImageDraw
INK, WHITE, YELLOW = "#0d1e26", "#ffffff", "#ffc61a"


def poster(scene: str, headline: str, line: str, language: str) -> bytes:
    """Return a JPEG of a scene with a headline and a line below it."""
    ground, draw, words = SCENES[scene]
    picture = Image.new("RGB", SIZE, ground)
    pen = ImageDraw.Draw(picture)
    draw(pen)
    _say(pen, 128, headline, (language, "700Bold", _fitting(headline, 64, language)), words)
    _say(pen, 196, line, (language, "400Regular", _fitting(line, 34, language)), words)
    output = io.BytesIO()
    picture.save(output, "JPEG", quality=88)
    return output.getvalue()


def _fitting(text: str, size: int, language: str) -> int:
    """Return the size at which a text fits the middle half."""
    width = _font(language, "700Bold", size).getlength(text)
    return size if width <= 760 else int(size * 760 / width)


@lru_cache(maxsize=64)
def _font(language: str, cut: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / f"{_CUTS[language]}_{cut}.ttf"), size)


def _say(pen: Pen, y: int, text: str, font: tuple[str, str, int], colour: str) -> None:
    pen.text((MIDDLE, y), text, fill=colour, font=_font(*font), anchor="mm")


def _crate(pen: Pen, x: int, y: int, colour: str) -> None:
    pen.rectangle((x, y, x + 96, y + 72), fill=colour)
    for at in range(x + 12, x + 90, 15):
        pen.line((at, y + 22, at, y + 62), fill=INK, width=3)
    pen.rectangle((x + 30, y + 7, x + 66, y + 15), fill=INK)


def _crates(pen: Pen) -> None:
    pen.rectangle((0, 256, 1600, 320), fill="#0a4d58")
    colours = (YELLOW, "#e8eeee", "#17808f", "#c8452f")
    for column, x in enumerate((36, 140, 244, 1264, 1368, 1472)):
        for row in range(1 + (column * 2 + 1) % 3):
            _crate(pen, x, 184 - 76 * row, colours[(column + row) % 4])


def _cold(pen: Pen) -> None:
    pen.rectangle((0, 262, 1600, 320), fill="#bcd7e6")
    for x in (60, 1300):
        pen.rectangle((x, 92, x + 230, 262), fill=WHITE, outline="#2f6b94", width=6)
        pen.rectangle((x, 92, x + 230, 128), fill="#2f6b94")
        for dx, dy in ((0, 42), (37, 21), (37, -21)):
            middle = (x + 115, 196)
            pen.line(
                (middle[0] - dx, middle[1] - dy, middle[0] + dx, middle[1] + dy),
                fill="#2f6b94",
                width=7,
            )
    pen.rectangle((300, 212, 350, 262), fill=YELLOW)
    pen.rectangle((1240, 212, 1290, 262), fill=YELLOW)


def _ship(pen: Pen) -> None:
    pen.rectangle((0, 238, 1600, 320), fill="#123a52")
    for x in (24, 1216):
        pen.polygon(((x, 196), (x + 360, 196), (x + 320, 262), (x + 44, 262)), fill="#c8452f")
        for n, colour in enumerate((YELLOW, "#e8eeee", "#17808f", YELLOW, "#e8eeee")):
            pen.rectangle((x + 40 + 50 * n, 152, x + 86 + 50 * n, 194), fill=colour)
        for n, colour in enumerate(("#17808f", YELLOW, "#e8eeee")):
            pen.rectangle((x + 65 + 50 * n, 108, x + 111 + 50 * n, 150), fill=colour)
        pen.rectangle((x + 300, 120, x + 340, 196), fill=WHITE)


def _forklift(pen: Pen) -> None:
    pen.rectangle((0, 262, 1600, 320), fill="#d9c58f")
    for x in (70, 1250):
        pen.rectangle((x, 168, x + 132, 240), fill=YELLOW)
        pen.rectangle((x + 18, 88, x + 100, 168), outline=INK, width=8)
        pen.line((x + 150, 60, x + 150, 252), fill=INK, width=10)
        pen.line((x + 150, 250, x + 226, 250), fill=INK, width=8)
        pen.rectangle((x + 160, 176, x + 240, 244), fill="#b98a4e", outline=INK, width=4)
        for wheel in (x + 10, x + 86):
            pen.ellipse((wheel, 218, wheel + 52, 270), fill=INK)


def _lanes(pen: Pen) -> None:
    for y, colour in ((60, "#17808f"), (262, YELLOW)):
        pen.line(((0, y), (330, y), (390, 160)), fill=colour, width=10)
        pen.line(((1600, y), (1270, y), (1210, 160)), fill=colour, width=10)
    for x, y in ((90, 60), (240, 60), (150, 262), (300, 262), (1320, 60), (1480, 60), (1400, 262)):
        pen.ellipse((x - 16, y - 16, x + 16, y + 16), fill=WHITE, outline=INK, width=6)


def _cartons(pen: Pen) -> None:
    pen.rectangle((0, 262, 1600, 320), fill="#8a5a33")
    for x, height in ((40, 150), (190, 96), (1290, 110), (1430, 160)):
        pen.rectangle((x, 262 - height, x + 130, 262), fill="#c79a63", outline="#7a4d28", width=4)
        pen.rectangle((x + 56, 262 - height, x + 74, 262), fill="#ecd9b3")


#: Scene → ground, what is drawn on it, colour of the words.
SCENES: dict[str, tuple[str, Callable[[Pen], None], str]] = {
    "crates": ("#0d6370", _crates, WHITE),
    "cold": ("#e4f0f7", _cold, "#123a52"),
    "ship": ("#1d5a7d", _ship, WHITE),
    "forklift": ("#f0e4c8", _forklift, "#2a2213"),
    "lanes": (INK, _lanes, WHITE),
    "cartons": ("#f2e3cb", _cartons, "#3a2412"),
}

#: An animation as an advertiser hands it in: one file, closed in itself.
ANIMATION = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>{headline}</title><style>
html,body{{margin:0;height:100%;overflow:hidden;background:#f0e4c8;color:#2a2213;font-family:sans-serif}}
svg{{position:absolute;inset:0;width:100%;height:100%}}
p{{position:absolute;inset:0;margin:0;display:grid;place-content:center;text-align:center;gap:.2em}}
b{{font-size:min(9vw,22vh)}}span{{font-size:min(4.4vw,12vh)}}
@media (prefers-reduced-motion:reduce){{#lift{{transform:none!important}}}}
</style></head><body>
<svg viewBox="0 0 600 200" preserveAspectRatio="xMidYMax meet" overflow="visible"
aria-hidden="true">
<path d="M-900 168h2400v32H-900z" fill="#d9c58f"/><g id="lift" transform="translate(-120 0)">
<path d="M0 104h66v44H0z" fill="#ffc61a"/>
<path d="M10 60h40v44H10zM76 40v112h40" fill="none" stroke="#0d1e26" stroke-width="5"/>
<path id="load" d="M82 112h36v34H82z" fill="#b98a4e"/>
<circle cx="16" cy="152" r="15"/><circle cx="54" cy="152" r="15"/></g></svg>
<p><b>{headline}</b><span>{line}</span></p>
<script>
const lift = document.getElementById("lift"), load = document.getElementById("load");
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const frame = (t) => {{
  const s = (t / 1000) % 14, wide = Math.max(600, 200 * innerWidth / (innerHeight || 1)) + 260;
  lift.setAttribute("transform", `translate(${{300 - wide / 2 + wide * s / 14}} 0)`);
  load.setAttribute("transform", `translate(0 ${{-30 * Math.max(0, Math.sin(s / 2))}})`);
  requestAnimationFrame(frame);
}};
if (!calm) requestAnimationFrame(frame);
</script></body></html>
"""
