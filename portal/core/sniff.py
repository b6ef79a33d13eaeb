"""What a file is by its content; names and declared types are never believed.

Only kinds that show or hold words and pictures are known. What can run, be it a program, a page,
a script, a macro or a document that starts something, is none of them.
"""

import io
import lzma
import re
import unicodedata
import zipfile
import zlib

PDF = "application/pdf"
TEXT = "text/plain"
CSV = "text/csv"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PICTURE = "image/jpeg"  # every picture is kept as one
ENDINGS = {PDF: ".pdf", TEXT: ".txt", CSV: ".csv", DOCX: ".docx", XLSX: ".xlsx", PICTURE: ".jpg"}
MAX_NAME = 120  # characters
MAX_PARTS = 4000  # files in an office document
MAX_UNPACKED = 200 * 1024 * 1024  # bytes; a bomb is larger
MAX_READ = 2 * 1024 * 1024  # bytes of its tables, which are read: real ones have some kilobytes
#: Starts of pages and scripts, however the file is called.
_RUNS = re.compile(
    r"\s*(#!|@echo\b|<\?php|<\?xml|<!doctype|<html|<svg|<script|<head|<body|<iframe|<object)",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"<\s*(script|iframe|object|embed|svg|html)\b", re.IGNORECASE)
_ACTIVE_PDF = re.compile(rb"/(JavaScript|Launch|EmbeddedFile|RichMedia|XFA)\b")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
#: Parts of office documents that run or start something.
_ACTIVE_PART = re.compile(
    r"vbaproject|vbadata|macrosheets|activex|customui|/embeddings/.*\.bin$|\.(exe|js|vbs|dll|bat)$",
    re.IGNORECASE,
)
_PICTURE_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
#: Names that only something that runs would have.
_RUNNING_ENDING = re.compile(
    r"\.(exe|com|bat|cmd|ps1|psm1|vbs|vbe|js|mjs|jse|wsf|hta|html?|xhtml|svg|php|py|sh|jar|dll|scr"
    r"|msi|lnk|docm|xlsm|pptm|dotm|xltm|zip|rar|7z|iso|apk|reg)\s*$",
    re.IGNORECASE,
)


def kind_of(data: bytes, name: str = "") -> str | None:
    """Return the media type of ``data``; None for what is not taken.

    ``name`` only tells a table (.csv) from other text; a picture is not opened here.
    """
    if is_picture(data):
        return PICTURE
    if data.startswith(b"%PDF-"):
        return None if _is_active_pdf(data) else PDF
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    if _is_text(data):
        return CSV if name.lower().rstrip().endswith(".csv") else TEXT
    return None


def is_picture(data: bytes) -> bool:
    """Return whether ``data`` starts like a JPEG, PNG or WebP picture."""
    is_webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    return is_webp or data.startswith(_PICTURE_STARTS)


def names_a_program(name: str) -> bool:
    """Return whether a file calls itself something that runs, a page or an archive."""
    return _RUNNING_ENDING.search(name) is not None


def _is_active_pdf(data: bytes) -> bool:
    """Return whether a PDF has a script or a file in it, also where its names are escaped."""
    plain = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), data)
    return _ACTIVE_PDF.search(plain) is not None


def _office(data: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return _office_kind(packed)
    except _BROKEN:
        return None


#: How what is no sound archive fails: the parts are unpacked by different libraries.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    OSError,
    EOFError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)


def _office_kind(packed: zipfile.ZipFile) -> str | None:
    parts = packed.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        return None
    names = {part.filename for part in parts}
    if len(names) != len(parts):  # two of one name: programs differ in which one they open
        return None
    if any(_ACTIVE_PART.search(name) for name in names) or _is_active_office(packed, names):
        return None
    if "[Content_Types].xml" not in names:
        return None
    if "word/document.xml" in names:
        return DOCX
    return XLSX if "xl/workbook.xml" in names else None


def _is_active_office(packed: zipfile.ZipFile, names: set[str]) -> bool:
    """Return whether its table of types names macros, or its settings a template elsewhere."""
    said = [name for name in names if name.endswith(("[Content_Types].xml", ".rels"))]
    if sum(packed.getinfo(name).file_size for name in said) > MAX_READ:
        return True
    for name in said:
        words = packed.read(name).lower()
        if b"macroenabled" in words or b"oleobject" in words:
            return True
        if b"attachedtemplate" in words and b"external" in words:
            return True
    return False


def _is_text(data: bytes) -> bool:
    """Return whether ``data`` are words in a usual encoding, and neither a page nor a script."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            words = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return bool(words) and _are_words(words)
    return False


def _are_words(words: str) -> bool:
    if any(unicodedata.category(c) == "Cc" and c not in "\t\r\n\f" for c in set(words)):
        return False
    return not _RUNS.match(words) and not _MARKUP.search(words)


def clean_name(name: str, media_type: str | None = None) -> str:
    """Return a file's name without folders, control and direction characters.

    At most MAX_NAME characters; with ``media_type`` it ends as such files do. Empty names become
    ``file``.
    """
    last = re.split(r"[/\\]", name)[-1]
    kept = "".join(c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Zl"))
    plain = re.sub(r'[<>:"|?*]', "_", " ".join(kept.split())).strip(". ") or "file"
    ending = ENDINGS.get(media_type or "", "")
    if not ending or plain.lower().endswith((ending, ".jpeg" if ending == ".jpg" else ending)):
        return _shortened(plain)
    if media_type == PICTURE:
        plain = re.sub(r"\.(png|webp)$", "", plain, flags=re.IGNORECASE)
    return _shortened(plain + ending)


def _shortened(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    if len(name) <= MAX_NAME or not dot or len(ending) > 10:
        return name[:MAX_NAME]
    return f"{stem[: MAX_NAME - len(ending) - 1]}.{ending}"
