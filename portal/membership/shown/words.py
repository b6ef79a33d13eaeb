"""Answers as lines of text in the reader's language."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.dates import format_date
from flask_babel import get_locale

from portal.accounts.company_forms import country_name
from portal.core.i18n import gettext as _
from portal.core.i18n import number
from portal.membership.rules.questions import Question
from portal.membership.rules.reading import is_empty, is_empty_row


def lines(question: Question, value: Any, language: str) -> list[str]:
    """Return an answer line by line; nothing where there is none."""
    if is_empty(value):
        return []
    if question.kind == "rows":
        rows = [row for row in value if not is_empty_row(row)]
        return [_row(question, row, language) for row in rows]
    if question.kind == "choices":
        joined = _(", ").join(question.choice_text(key, language) for key in value)
        return [joined]
    if question.kind == "papers":
        return [str(each["name"]) for each in value]
    if question.kind == "address":
        return _address(value, language)
    return str(_plain(question, value, language)).split("\n")


def _row(question: Question, row: Mapping[str, Any], language: str) -> str:
    if {"origin", "destination"} <= set(row):
        return _lane(row)
    parts = [
        _plain(each, row.get(each.key), language) for each in question.fields if row.get(each.key)
    ]
    return _(" · ").join(map(str, parts))


def _lane(row: Mapping[str, Any]) -> str:
    way = f"{row['origin'] or '—'} → {row['destination'] or '—'}"
    volume = row.get("volume")
    return f"{way}{_(' · ')}{_('%(tonnes)s t a month', tonnes=_number(volume))}" if volume else way


def _address(value: Mapping[str, Any], language: str) -> list[str]:
    parts = [value.get("address"), value.get("city"), value.get("postcode")]
    country = country_name(value.get("country"))
    first = _(", ").join(str(part) for part in [*parts, country] if part)
    return [first]


def place_of(value: Any, language: str) -> str:
    """Return the name of the place that an address was found at; nothing for none."""
    if not isinstance(value, Mapping) or not value.get("place"):
        return ""
    english = value.get("place_en") if language == "en" else None
    return str(english or value["place"])


def _plain(question: Question, value: Any, language: str) -> Any:
    if question.kind in ("choice", "radio"):
        return question.choice_text(str(value), language)
    if question.kind == "country":
        return country_name(str(value))
    if question.kind in ("integer", "decimal"):
        unit = question.option("unit")
        grouped = question.option("grouped", True)
        shown = _number(value) if grouped else str(value)
        return f"{shown} {unit}" if unit else shown
    if question.kind == "date":
        return _date(str(value))
    if question.kind == "yes":
        return _("Confirmed")
    return value


def _number(value: Any) -> str:
    try:
        return number(Decimal(str(value)))
    except (InvalidOperation, ValueError):
        return str(value)


def _date(text: str) -> str:
    try:
        return str(format_date(date.fromisoformat(text), "long", locale=get_locale()))
    except ValueError:
        return text


def masked(question: Question, said: list[str]) -> list[str]:
    """Return an answer that not every eye should see, but for its last four characters."""
    if not question.option("secret"):
        return said
    return ["•••• " + line[-4:] if len(line) > 4 else "••••" for line in said]
