"""Who receives: what a party must hold, however it was typed."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import phonenumbers
from babel import Locale

from portal.core.errors import FieldError
from portal.core.i18n import lazy as _l

#: Field of a PARTY of the API → the most characters that it may have.
MOST = {"name": 100, "phone": 40, "address": 300, "city": 60, "country": 2, "postcode": 16}
MOST_DIVISION = 12
#: What nobody can be reached without → what to say where it is missing.
NEEDED = {
    "name": _l("Who is it? Please give a name."),
    "phone": _l("The driver needs a number to call."),
    "address": _l("Where does the vehicle go? Please give the street."),
    "city": _l("Please give the city."),
    "country": _l("Choose a country from the list."),
}
#: Countries offered first; the others follow by name.
COMMON = ("CN", "HK", "MO", "TW", "JP", "KR", "SG", "US", "DE", "GB", "FR", "NL", "AU")
_NO_COUNTRIES = frozenset(
    {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"}
)
_INVISIBLE = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
Columns = dict[str, Any]


def one_line(text: str) -> str:
    """Return a text as it is kept: NFC, on one line, nothing that turns the way of writing.

    Raises ValueError for characters that cannot be stored or shown.
    """
    plain = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\r\n\t" for c in plain):
        raise ValueError(_l("This text has characters that cannot be stored."))
    return " ".join(plain.split())


def several_lines(text: str) -> str:
    """Return a text of several lines as it is kept; raises ValueError as ``one_line``."""
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join(one_line(line) for line in lines).strip()


def read(
    given: Mapping[str, Any], *, prefix: str = "consignee"
) -> tuple[Columns, list[FieldError]]:
    """Return the columns of the consignee that ``given`` (a PARTY) stands for, and what is wrong.

    Errors are named ``consignee.phone`` and so on.
    """
    columns: Columns = {}
    errors: list[FieldError] = []
    for name, most in MOST.items():
        try:
            columns[name] = _checked(name, str(given.get(name) or ""), most, given)
        except ValueError as error:
            errors.append(FieldError(f"{prefix}.{name}", error.args[0]))
    columns["division"] = _division(given.get("division_code"))
    columns["lat"], columns["lon"] = _position(given)
    return {f"consignee_{name}": value for name, value in columns.items()}, errors


def _checked(name: str, typed: str, most: int, given: Mapping[str, Any]) -> str | None:
    text = one_line(typed)
    if not text:
        if name in NEEDED:
            raise ValueError(NEEDED[name])
        return None
    if len(text) > most:
        raise ValueError(_l("This is longer than %(most)s characters.", most=most))
    if name == "phone":
        return e164(text, str(given.get("country") or "").upper())
    if name == "country":
        return _country(text)
    return text


def e164(typed: str, country: str) -> str:
    """Return a phone number as E.164; without a country code it is one of ``country``.

    Raises ValueError with a sentence.
    """
    plain = unicodedata.normalize("NFKC", typed)
    try:
        number = phonenumbers.parse(plain, country or None)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise ValueError(
            _l("Write the number in digits, with its country code if it is abroad: +49 40 123456.")
        )
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _country(text: str) -> str:
    if text.upper() not in countries():
        raise ValueError(_l("Choose a country from the list."))
    return text.upper()


@lru_cache(1)
def countries() -> frozenset[str]:
    """Return the codes of ISO 3166-1 alpha-2."""
    known = {str(code) for code in Locale("en").territories}
    return frozenset({code for code in known if len(code) == 2 and code.isalpha()} - _NO_COUNTRIES)


@lru_cache(8)
def countries_in(tag: str) -> tuple[tuple[str, str], ...]:
    """Return (code, name) of every country in a language, the common ones first."""
    names = Locale.parse(tag.replace("-", "_")).territories
    rest = sorted(countries() - set(COMMON), key=lambda code: str(names.get(code, code)))
    return tuple((code, str(names.get(code, code))) for code in (*COMMON, *rest))


def _division(given: Any) -> str | None:
    text = str(given or "").strip()[:MOST_DIVISION]
    return text if text.isascii() and text.isdigit() else None


def _position(given: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """Return latitude and longitude, or neither: one of them alone is no place."""
    lat, lon = given.get("lat"), given.get("lon")
    if not isinstance(lat, int | float) or not isinstance(lon, int | float):
        return None, None
    is_there = -90 <= lat <= 90 and -180 <= lon <= 180
    return (float(lat), float(lon)) if is_there else (None, None)
