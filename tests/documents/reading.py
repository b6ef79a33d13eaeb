"""Papers read back as people and scanners read them: rendered, their text taken out, scanned."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2
import zxingcpp

DPI = 203  # of a thermal printer


@contextmanager
def opened(content: bytes) -> Iterator[Any]:
    document = pypdfium2.PdfDocument(content)
    try:
        yield document
    finally:
        document.close()


def texts(content: bytes) -> list[str]:
    """Return the text of each page."""
    found = []
    with opened(content) as document:
        for page in document:
            words = page.get_textpage()
            found.append(words.get_text_range())
            words.close()
            page.close()
    return found


def picture(page: Any, dpi: int = DPI) -> Any:
    bitmap = page.render(scale=dpi / 72, grayscale=True)
    try:
        return bitmap.to_pil().copy()
    finally:
        bitmap.close()


def scanned(content: bytes, dpi: int = DPI) -> list[set[tuple[str, str]]]:
    """Return (kind, text) of the codes on each page."""
    found = []
    with opened(content) as document:
        for page in document:
            codes = zxingcpp.read_barcodes(
                picture(page, dpi), try_rotate=False, try_downscale=False, try_invert=False
            )
            found.append({(str(code.format), code.text) for code in codes})
            page.close()
    return found


def page_count(content: bytes) -> int:
    with opened(content) as document:
        return len(document)
