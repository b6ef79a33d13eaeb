"""What a creative may be made of: addresses, words, and files by their content."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from portal.core.errors import Invalid, TooLarge
from portal.core.i18n import TAGS
from portal.core.i18n import lazy as _l

MOST_HTML = 200 * 1024
MOST_VIDEO = 8 * 1024 * 1024
MOST_SOUND = 3 * 1024 * 1024
LONGEST_ADDRESS = 500
MP4, WEBM, MP3 = "video/mp4", "video/webm", "audio/mpeg"
#: Kind → what it may be, how large (bytes).
TAKES = {"video": ((MP4, WEBM), MOST_VIDEO), "sound": ((MP3,), MOST_SOUND)}
#: Things an animation has no use for: it must not load, send or leave.
_LEAVES = re.compile(
    r"<\s*(iframe|object|embed|form|base|meta\s+http-equiv)|(src|href)\s*=\s*[\"']?\s*(https?:)?//",
    re.IGNORECASE,
)


def is_web_address(address: str) -> bool:
    """Return whether a click may lead there: http or https with a host, or a page of our own."""
    if len(address) > LONGEST_ADDRESS or any(c <= " " or c in "\\\x7f" for c in address):
        return False
    if address.startswith("/"):
        return not address.startswith("//")
    try:
        parts = urlsplit(address)
        return (
            parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
        )
    except ValueError:
        return False


def media_type_of(data: bytes) -> str | None:
    """Return what a video or sound is by its first bytes; None for anything else."""
    if data[4:8] == b"ftyp" and data[8:12] in _BRANDS:
        return MP4
    if data.startswith(b"\x1aE\xdf\xa3") and b"webm" in data[:64]:
        return WEBM
    if data.startswith(b"ID3") or (data[:1] == b"\xff" and len(data) > 2 and _is_mp3_frame(data)):
        return MP3
    return None


_BRANDS = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash")


def _is_mp3_frame(data: bytes) -> bool:
    """Return whether a frame of MPEG layer III begins here (ISO 11172-3, 2.4.2.3)."""
    return data[1] & 0xE0 == 0xE0 and data[1] & 0x06 == 0x02 and data[2] & 0xF0 != 0xF0


def checked_media(data: bytes, kind: str) -> str:
    """Return the media type of a video or sound.

    Raises TooLarge, or Invalid for what is not one by its content.
    """
    allowed, most = TAKES[kind]
    if len(data) > most:
        raise TooLarge(_l("This file is larger than %(most)s MB.", most=most // 1024 // 1024))
    found = media_type_of(data)
    if found not in allowed:
        raise Invalid(
            _l("That file is not an MP4 or WebM video.")
            if kind == "video"
            else _l("That file is not an MP3 sound.")
        )
    return found


def checked_html(data: bytes) -> bytes:
    """Return an animation: one HTML file in UTF-8 that holds everything it shows.

    Raises TooLarge above MOST_HTML, Invalid for anything that is not one or would load more.
    Whatever it does all the same, its frame and policy keep it from the page and from the net.
    """
    if len(data) > MOST_HTML:
        raise TooLarge(_l("An animation has at most 200 kB."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = ""
    if not re.search(r"<!doctype html|<html|<svg|<canvas|<body", text[:4000], re.IGNORECASE):
        raise Invalid(_l("That is not an HTML file in UTF-8."))
    if _LEAVES.search(text):
        raise Invalid(
            _l("The animation must hold all it shows: no frames, no forms, nothing of other sites.")
        )
    return text.encode()


def checked_words(words: Mapping[str, Mapping[str, str]], needed: str) -> dict[str, dict[str, str]]:
    """Return the words by language without empty ones.

    ``needed`` (alt, headline) must be there in at least one language: others fall back on it.
    Raises Invalid otherwise.
    """
    kept = {
        tag: {key: said for key, said in words[tag].items() if said} for tag in TAGS if tag in words
    }
    if not any(needed in said for said in kept.values()):
        raise Invalid(_l("Say in at least one language what it shows."))
    return {tag: said for tag, said in kept.items() if said}


#: Languages in the order in which each reader understands them.
_NEAREST = {
    "zh-Hans": ("zh-Hans", "zh-Hant", "en"),
    "zh-Hant": ("zh-Hant", "zh-Hans", "en"),
    "en": ("en", "zh-Hans", "zh-Hant"),
}


def said_in(words: Mapping[str, Any], tag: str, key: str) -> str:
    """Return a text in a language, else in the one that is nearest."""
    for each in _NEAREST.get(tag, _NEAREST["en"]):
        if text := words.get(each, {}).get(key):
            return str(text)
    return ""


def spoken(words: Mapping[str, Any], tag: str) -> str:
    """Return the language in which a creative speaks to readers of ``tag``."""
    return next((each for each in _NEAREST.get(tag, _NEAREST["en"]) if words.get(each)), tag)
