"""Kinds of fields: texts, figures, phones, instants. Each says in a sentence what to change.

What an order needs may be missing in a draft: a form with ``is_draft`` lets it pass.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import phonenumbers
from babel import Locale
from phonenumbers import ValidationResult
from wtforms import Field, Form, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import StopValidation, ValidationError

from portal.consignments.rules import fields as checked
from portal.core import clock, i18n
from portal.core.i18n import lazy as _l

#: Countries offered first; the others follow by name.
COMMON = ("CN", "HK", "MO", "TW", "JP", "KR", "SG", "US", "DE", "GB", "FR", "NL", "AU")
_FIGURE = re.compile(r"\d{1,12}(\.\d{1,3})?")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")


class Needed:
    """Asks for what an order cannot do without; a draft may lack it."""

    def __init__(self, message: Any = None) -> None:
        self.message = message or _l("Please fill this in.")
        self.field_flags = {"required": True}

    def __call__(self, form: Form, field: Field) -> None:
        """Stop here where nothing was typed."""
        if str(field.data or "").strip():
            return
        if getattr(form, "is_draft", False):
            raise StopValidation
        raise StopValidation(self.message)


def storable(_form: Form, field: Field) -> None:
    """Refuse characters that cannot be stored or shown."""
    try:
        checked.clean(field.data or "")
    except ValueError as error:
        raise ValidationError(error.args[0]) from None


class AtMost:
    """Limits how long a text may be."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.field_flags = {"maxlength": most}

    def __call__(self, _form: Form, field: Field) -> None:
        """Refuse longer texts, and say how long this one is."""
        if len(field.data or "") > self.most:
            raise ValidationError(
                _l(
                    "At most %(most)s characters; these are %(count)s.",
                    most=self.most,
                    count=len(field.data),
                )
            )


def line(label: Any, most: int, *checks: Any, **more: Any) -> StringField:
    """Return a text field of one line."""
    return StringField(label, [*checks, AtMost(most), storable], **more)


def note(label: Any, most: int, **more: Any) -> TextAreaField:
    """Return a text field of several lines."""
    return TextAreaField(label, [AtMost(most), storable], **more)


def text_of(field: Field) -> str | None:
    """Return the text of a valid field as it is stored; None where it is empty."""
    return checked.one_line(field.data or "") or None


def text_if_storable(field: Field) -> str:
    """Return the text of any field as it is stored; empty where it cannot be."""
    try:
        return text_of(field) or ""
    except ValueError:
        return ""


class Figure(StringField):
    """A number as people type it: 12.5, 12,5 or full-width; read by ``number``."""

    @property
    def number(self) -> Decimal | None:
        """The number; None where there is none or it cannot be read."""
        plain = unicodedata.normalize("NFKC", self.data or "").strip()
        plain = plain.replace(",", ".") if plain.count(",") == 1 and "." not in plain else plain
        return Decimal(plain) if _FIGURE.fullmatch(plain) else None


class Between:
    """Refuses what is no number or lies outside of a range."""

    def __init__(self, least: Decimal | int, most: Decimal | int, *, whole: bool = False) -> None:
        self.least, self.most, self.whole = Decimal(least), Decimal(most), whole

    def __call__(self, _form: Form, field: Figure) -> None:
        """Check the figure, if one was typed."""
        if not (field.data or "").strip():
            return
        number = field.number
        if number is None or (self.whole and number != int(number)):
            raise ValidationError(
                _l("Write a whole number, such as 3.")
                if self.whole
                else _l("Write a number, such as 12.5.")
            )
        if not self.least <= number <= self.most:
            raise ValidationError(
                _l(
                    "This must lie between %(least)s and %(most)s.",
                    least=self.least,
                    most=self.most,
                )
            )


class Moment(StringField):
    """Day and time on the reader's clock; read by ``instant``."""

    @property
    def instant(self) -> datetime | None:
        """The aware instant; None where there is none or it cannot be read."""
        given = (self.data or "").strip()
        if not _MOMENT.match(given):
            return None
        try:
            return datetime.fromisoformat(given[:16]).replace(tzinfo=i18n.zone())
        except ValueError:
            return None


def foreseeable(_form: Form, field: Moment) -> None:
    """Refuse what is no instant, what is over, and what is too far off."""
    if not (field.data or "").strip():
        return
    at = field.instant
    if at is None or not checked.EARLIEST_YEAR <= at.year <= checked.LATEST_YEAR:
        raise ValidationError(_l("Write day and time, such as 2026-11-21 16:00."))
    if at > clock.now() + checked.FORESEEABLE:
        raise ValidationError(_l("That time lies too far in the future."))


def e164(typed: str, country: str | None) -> str:
    """Return a phone number as E.164; without a country code it is one of ``country``.

    Raises ValueError with a sentence that says what is wrong.
    """
    plain = unicodedata.normalize("NFKC", typed).strip()
    try:
        number = phonenumbers.parse(plain, country or None)
    except phonenumbers.NumberParseException as error:
        raise ValueError(_UNREAD.get(error.error_type, _NO_NUMBER)) from None
    if problem := _LENGTHS.get(phonenumbers.is_possible_number_with_reason(number)):
        raise ValueError(problem)
    if not phonenumbers.is_valid_number(number):
        raise ValueError(
            _l("No number begins like this. Check the digits and the country code (+86 for China).")
        )
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


_NO_NUMBER = _l("Write the number in digits, with its country code if it is abroad: +49 40 123456.")
_UNREAD = {
    phonenumbers.NumberParseException.TOO_LONG: _l("This number has too many digits."),
    phonenumbers.NumberParseException.TOO_SHORT_NSN: _l("This number has too few digits."),
    phonenumbers.NumberParseException.INVALID_COUNTRY_CODE: _l("There is no such country code."),
}
_LENGTHS = {
    ValidationResult.TOO_SHORT: _l("This number has too few digits."),
    ValidationResult.TOO_LONG: _l("This number has too many digits."),
    ValidationResult.INVALID_LENGTH: _l("This number has too few or too many digits."),
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: _l("Write the number with its area code."),
    ValidationResult.INVALID_COUNTRY_CODE: _l("There is no such country code."),
}


def dialable(form: Any, field: Field) -> None:
    """Refuse what is not a phone number of the form's country or of the code it carries."""
    try:
        e164(field.data or "", (form.country.data or "").upper())
    except ValueError as error:
        raise ValidationError(error.args[0]) from None


def countries() -> list[SelectChoice]:
    """Return every country in the reader's language, the common ones first."""
    return [SelectChoice(code, name) for code, name in _named(i18n.tag().replace("-", "_"))]


@lru_cache(8)
def _named(locale: str) -> tuple[tuple[str, str], ...]:
    names = Locale.parse(locale).territories
    rest = sorted(checked.countries() - set(COMMON), key=lambda code: str(names.get(code, code)))
    return tuple((code, str(names.get(code, code))) for code in (*COMMON, *rest))


def known_country(_form: Form, field: Field) -> None:
    """Refuse what is no country."""
    if field.data and field.data not in checked.countries():
        raise ValidationError(_l("Choose a country from the list."))


def country(label: Any, *checks: Any) -> SelectField:
    """Return a field to choose a country from."""
    return SelectField(label, [*checks, known_country], choices=countries, validate_choice=False)


Check = Callable[[Form, Field], None]
