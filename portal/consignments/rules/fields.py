"""Checked kinds of fields: what each body of the API means by a text, a phone, an instant.

Every text passes ``clean``, so that what is stored can be shown, searched, printed and sent on:
control characters are refused, marks that turn the direction of writing are taken out.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any

import phonenumbers
from annotated_types import GroupedMetadata, MaxLen
from babel import Locale
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

from portal.core import clock
from portal.core.i18n import lazy as _l

MAX_GRAMS = 100_000_000  # 100 t
MAX_MM = 100_000  # 100 m
MAX_MINOR = 10**15
MAX_QUANTITY = 10**12
FUTURE_TOLERANCE = timedelta(minutes=5)  # clocks of customers differ
FORESEEABLE = timedelta(days=3 * 366)
EARLIEST_YEAR, LATEST_YEAR = 2000, 2200
#: CLDR territories that are no countries of ISO 3166-1.
_NO_COUNTRIES = frozenset(
    {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"}
)
_KEPT_CONTROLS = frozenset("\n\t")
#: Marks and overrides of writing direction, and the byte order mark: never seen, only felt.
_INVISIBLE = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d")


def clean(value: str) -> str:
    """Return ``value`` in NFC, without marks of writing direction, trimmed.

    Raises ValueError for characters that cannot be stored or shown.
    """
    if value.isprintable():  # mostly: there is nothing of all that in it
        return unicodedata.normalize("NFC", value).strip()
    plain = unicodedata.normalize("NFC", _INVISIBLE.sub("", value.replace("\r\n", "\n"))).strip()
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in _KEPT_CONTROLS for c in plain):
        raise ValueError(_l("This text has characters that cannot be stored."))
    return plain


def one_line(value: str) -> str:
    """Return ``clean`` text on one line."""
    return " ".join(clean(value).split())


def _filled(value: str) -> str:
    if not value:
        raise ValueError(_l("This must not be empty."))
    return value


def _phone(value: str) -> str:
    """Return a phone number as E.164; what is not a number that can be dialled is refused."""
    try:
        number = phonenumbers.parse(value, None)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise ValueError(_l("This is not a phone number in the form +8613800138000."))
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


@lru_cache(1)
def countries() -> frozenset[str]:
    """Return the codes of ISO 3166-1 alpha-2."""
    known = {str(code) for code in Locale("en").territories}
    letters = {code for code in known if len(code) == 2 and code.isalpha()}
    return frozenset(letters - _NO_COUNTRIES)


def _country(value: str) -> str:
    if value.upper() not in countries():
        raise ValueError(_l("This is not a country code of two letters (ISO 3166-1)."))
    return value.upper()


@lru_cache(1)
def currencies() -> frozenset[str]:
    """Return the codes of ISO 4217 that CLDR knows."""
    return frozenset(Locale("en").currencies)


def _currency(value: str) -> str:
    if value not in currencies():
        raise ValueError(_l("This is not a currency code of three letters (ISO 4217)."))
    return value


def _unit(value: str) -> str:
    if not (value.isascii() and value.isalnum() and len(value) >= 2):
        raise ValueError(_l("This is not a unit code (UN/ECE Recommendation 20), such as C62."))
    return value.upper()


def _written(value: Any) -> Any:
    """Refuse numbers and dates where an instant belongs; pydantic would guess."""
    if not isinstance(value, str) or not _INSTANT.match(value):
        raise ValueError(_l("This must be a date and time with its offset (ISO 8601)."))
    return value


def _believable(value: datetime) -> datetime:
    if value.year < EARLIEST_YEAR:
        raise ValueError(_l("That time lies too far in the past."))
    if value.year > LATEST_YEAR:
        raise ValueError(_l("That time lies too far in the future."))
    return value


def past(value: datetime) -> datetime:
    """Return an instant that is over; raises ValueError for one to come."""
    if value > clock.now() + FUTURE_TOLERANCE:
        raise ValueError(_l("What happened cannot lie in the future."))
    return value


def foreseeable(value: datetime) -> datetime:
    """Return an instant for which one can plan; raises ValueError for one too far off."""
    if value > clock.now() + FORESEEABLE:
        raise ValueError(_l("That time lies too far in the future."))
    return value


def _exact(value: Any) -> Any:
    """Read a float as its shortest decimal, so that 0.1 is a tenth."""
    return str(value) if isinstance(value, float) else value


def utc(value: datetime) -> datetime:
    """Return the same instant in UTC."""
    return value.astimezone(UTC)


class Text(GroupedMetadata):
    """A text of at most ``most`` characters that may have several lines, or be empty."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __iter__(self) -> Iterator[object]:
        yield MaxLen(self.most)
        yield AfterValidator(clean)


class Line(Text):
    """A text on one line of at most ``most`` characters, never empty."""

    def __iter__(self) -> Iterator[object]:
        yield MaxLen(self.most)
        yield AfterValidator(one_line)
        yield AfterValidator(_filled)


Name = Annotated[str, Line(100)]
Street = Annotated[str, Line(300)]
City = Annotated[str, Line(60)]
Postcode = Annotated[str, Line(16)]
Division = Annotated[str, Line(12)]
Reference = Annotated[str, Line(64)]
Words = Annotated[str, Line(200)]
Sscc = Annotated[str, Line(18)]
Unit = Annotated[str, Line(3), AfterValidator(_unit)]
Note = Annotated[str, Text(2000)]
Phone = Annotated[str, Line(40), AfterValidator(_phone)]
Country = Annotated[str, Line(2), AfterValidator(_country)]
Currency = Annotated[str, Line(3), AfterValidator(_currency)]
Moment = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_believable)]
Latitude = Annotated[float, Field(strict=True, ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Field(strict=True, ge=-180, le=180, allow_inf_nan=False)]
#: A latitude or a longitude that is judged together with the other one.
Degrees = Annotated[float, Field(strict=True, ge=-1000, le=1000, allow_inf_nan=False)]
Grams = Annotated[int, Field(strict=True, gt=0, le=MAX_GRAMS)]
Millimetres = Annotated[int, Field(strict=True, gt=0, le=MAX_MM)]
Minor = Annotated[int, Field(strict=True, ge=0, le=MAX_MINOR)]
Quantity = Annotated[
    Decimal,
    BeforeValidator(_exact),
    Field(gt=0, le=MAX_QUANTITY, max_digits=15, decimal_places=3),
]
Yes = Annotated[bool, Field(strict=True)]
