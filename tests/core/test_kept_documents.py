"""Files that strangers attach: known by content, never by name."""

import io
import zipfile

import pytest
from PIL import Image

from portal.core import files, sniff
from portal.core.errors import Invalid, TooLarge

WORD = {"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}
SHEET = {
    "[Content_Types].xml": "<Types/>",
    "xl/workbook.xml": "<w/>",
    "xl/printerSettings/printerSettings1.bin": "x",
}


def zipped(parts: dict[str, str]) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as packed:
        for name, words in parts.items():
            packed.writestr(name, words)
    return output.getvalue()


def picture(kind: str) -> bytes:
    output = io.BytesIO()
    Image.new("RGB", (20, 10), "red").save(output, kind)
    return output.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "media_type"),
    [
        (b"%PDF-1.7\n1 0 obj\n%%EOF", "quote.pdf", sniff.PDF),
        ("货物清单\n".encode(), "list.txt", sniff.TEXT),
        ("货物清单\n".encode("gb18030"), "list.csv", sniff.CSV),
        (zipped(WORD), "letter.docx", sniff.DOCX),
        (zipped(SHEET), "table.xlsx", sniff.XLSX),
        (picture("PNG"), "a.png", "image/jpeg"),
        (picture("WEBP"), "called.pdf", "image/jpeg"),
    ],
)
def test_what_is_taken_is_kept_as_what_it_is(app, data, name, media_type):
    with app.app_context():
        stored = files.keep_document(data, name=name)
        assert stored.media_type == media_type
        assert files.read(stored.key)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"MZ\x90\x00" + bytes(200), "quote.pdf"),
        (b"\x7fELF" + bytes(200), "photo.jpg"),
        (b"<html><script>alert(1)</script></html>", "list.txt"),
        (b"  <!DOCTYPE html><p>", "list.csv"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "logo.png"),
        (b"harmless words <script>alert(1)</script>", "note.txt"),
        (b"#!/bin/sh\nrm -rf /", "note.txt"),
        (b"@echo off\r\n", "note.txt"),
        (b"plain words", "note.bat"),
        (b"%PDF-1.7 /OpenAction << /S /JavaScript /JS (x) >>", "a.pdf"),
        (b"%PDF-1.7 /S /J#61vaScript", "a.pdf"),
        (b"%PDF-1.7 /S /Launch ", "a.pdf"),
        (zipped({"a.txt": "x"}), "a.docx"),
        (zipped({**WORD, "word/vbaProject.bin": "x"}), "a.docx"),
        (
            zipped(
                {
                    **WORD,
                    "[Content_Types].xml": "application/vnd.ms-word.document.macroEnabled.main+xml",
                }
            ),
            "a.docx",
        ),
        (
            zipped(
                {
                    **WORD,
                    "word/_rels/settings.xml.rels": 'Type="…/attachedTemplate" TargetMode="External"',
                }
            ),
            "a.docx",
        ),
        (zipped({**SHEET, "xl/macrosheets/sheet1.xml": "x"}), "a.xlsx"),
        (b"PK\x03\x04 broken", "a.xlsx"),
        (b"\xff\xd8\xff broken", "a.jpg"),
        (b"", "empty.pdf"),
    ],
)
def test_what_runs_or_is_unknown_is_refused(app, data, name):
    with app.app_context(), pytest.raises(Invalid):
        files.keep_document(data, name=name)


def test_more_than_ten_megabytes_is_too_large(app):
    with app.app_context(), pytest.raises(TooLarge):
        files.keep_document(b"a" * (files.MAX_DOCUMENT_BYTES + 1), name="a.txt")


@pytest.mark.parametrize(
    ("name", "media_type", "clean"),
    [
        ("../../etc/passwd", None, "passwd"),
        ("C:\\work\\报价.xlsx", None, "报价.xlsx"),
        ("a\u202egpj.exe\x00", None, "agpj.exe"),
        ("a\r\nSet-Cookie: x.pdf", sniff.PDF, "aSet-Cookie_ x.pdf"),
        ("photo.png", "image/jpeg", "photo.jpg"),
        ("note.bat", sniff.TEXT, "note.bat.txt"),
        ("...", None, "file"),
        ("x" * 300 + ".pdf", sniff.PDF, "x" * 116 + ".pdf"),
    ],
)
def test_names_have_no_paths_and_no_tricks(name, media_type, clean):
    assert files.clean_name(name, media_type) == clean
