"""The catalogues of texts: kept complete in every language, by commands that a build can run."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po
from flask.cli import AppGroup
from opencc import OpenCC

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "portal" / "translations"
LOCALES = ("zh_Hans", "zh_Hant")
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy": None,
    "ngettext": (1, 2),
    "lazy_gettext": None,
}
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
OPTIONS = {"**.html": {"trimmed": "true"}, "**.txt": {"trimmed": "true"}}
_PLACE = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")

i18n = AppGroup("i18n", help="Texts in every language.")


def extracted() -> Catalog:
    """Return the catalogue of every text that code and templates say."""
    catalogue = Catalog(project="Quayside", charset="utf-8")
    for folder in ("portal", "templates"):
        found = extract_from_dir(ROOT / folder, METHODS, OPTIONS, KEYWORDS, ("Translators:",))
        for name, _line, message, comments, context in found:
            place = [(f"{folder}/{name}", 0)]
            catalogue.add(message, None, place, auto_comments=comments, context=context)
    return catalogue


def read(locale: str) -> Catalog:
    """Return the kept catalogue of a locale, empty where there is none yet."""
    path = _path(locale)
    if not path.exists():
        return Catalog(locale=locale, project="Quayside", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def write(locale: str, catalogue: Catalog) -> None:
    """Keep a catalogue, sorted so that two people's work merges."""
    path = _path(locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(
            file, catalogue, width=100, no_location=True, sort_output=True, ignore_obsolete=True
        )


def _path(locale: str) -> Path:
    return FOLDER / locale / "LC_MESSAGES" / "messages.po"


def findings(locale: str, wanted: Catalog) -> Iterator[str]:
    """Say what is wrong with the texts of a locale: missing, unsure, other places for values."""
    kept = read(locale)
    for message in wanted:
        if not message.id:
            continue
        own = kept.get(message.id, message.context)
        text = own.string if own else ""
        if not (all(text) if isinstance(text, tuple) else text):
            yield f"{locale}: not translated: {message.id!r}"
        elif own is not None and own.fuzzy:
            yield f"{locale}: unsure: {message.id!r}"
        elif _places(message.id) != _places(text):
            yield f"{locale}: other places for values: {message.id!r}"


def _places(text: object) -> set[str]:
    parts = text if isinstance(text, list | tuple) else [text]
    return {name for part in parts for pair in _PLACE.findall(str(part)) for name in pair if name}


@i18n.command("update")
def update() -> None:
    """Bring the catalogues up to what code and templates say; new texts wait for a translator."""
    wanted = extracted()
    for locale in LOCALES:
        kept = read(locale)
        kept.update(wanted, no_fuzzy_matching=True)
        write(locale, kept)
    click.echo(f"{len(wanted)} texts")


@i18n.command("traditional")
def traditional() -> None:
    """Fill what zh_Hant lacks from zh_Hans, in Taiwan's characters and usual words."""
    convert = OpenCC("s2twp").convert
    hans, hant = read("zh_Hans"), read("zh_Hant")
    for message in hant:
        source = hans.get(message.id, message.context) if message.id else None
        if source is not None and source.string and not message.string:
            message.string = _converted(source.string, convert)
    write("zh_Hant", hant)


def _converted(text, convert):  # type: ignore[no-untyped-def]
    if isinstance(text, tuple):
        return tuple(_converted(part, convert) for part in text)
    return convert(text).replace("\u201c", "\u300c").replace("\u201d", "\u300d")


@i18n.command("check")
def check() -> None:
    """Fail where a text is missing, unsure, or has other places for values."""
    wanted = extracted()
    found = [finding for locale in LOCALES for finding in findings(locale, wanted)]
    for finding in found:
        click.echo(finding)
    if found:
        raise click.ClickException(f"{len(found)} texts need a translator.")
    click.echo(f"{len(wanted)} texts, complete in {', '.join(LOCALES)} and en")
