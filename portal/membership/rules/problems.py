"""What is wrong with an answer, as sentences at their fields."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from portal.core.i18n import lazy as _l
from portal.membership.rules import codes
from portal.membership.rules.questions import CHOOSING, Question, Section, Version
from portal.membership.rules.reading import is_empty, is_empty_row

USUAL_MOST = 200  # characters of one line
USUAL_MOST_LONG = 4000
MAX_PAPERS = 10


class Problem(NamedTuple):
    """A sentence, and the name of the input that it is about (``contacts-0-email``)."""

    field: str
    message: Any


def of_section(section: Section, answers: Mapping[str, Any]) -> list[Problem]:
    """Return what is wrong in one section, in its order."""
    return [p for question in section.questions for p in of(question, answers)]


def of_all(version: Version, answers: Mapping[str, Any]) -> list[Problem]:
    """Return what is wrong in all sections that are filled one by one."""
    return [p for section in version.steps for p in of_section(section, answers)]


def of(question: Question, answers: Mapping[str, Any]) -> list[Problem]:
    """Return what is wrong with the answer to one question."""
    value = answers.get(question.key)
    if is_empty(value):
        if question.kind == "rows" and question.is_required(answers):
            return list(_rows(question, [{}]))
        if question.is_required(answers):
            return [Problem(_first_field(question), _missing(question))]
        return []
    return list(_of_value(question, value, question.key))


def _first_field(question: Question) -> str:
    return f"{question.key}-address" if question.kind == "address" else question.key


def _missing(question: Question) -> Any:
    if question.kind in ("choices", "papers"):
        return _l("Choose at least one.")
    if question.kind in ("choice", "radio", "country"):
        return _l("Choose one.")
    if question.kind == "yes":
        return _l("Please confirm this.")
    if question.kind == "address":
        return _l("Enter street and number.")
    return _l("Please fill this in.")


def _of_value(question: Question, value: Any, name: str) -> Iterator[Problem]:
    if question.kind == "rows":
        yield from _rows(question, value)
    elif question.kind == "address":
        yield from _address(value, name)
    elif question.kind == "papers":
        if len(value) > question.option("max", MAX_PAPERS):
            yield Problem(name, _l("These are too many files."))
    elif question.kind in ("choices", "yes", "consents"):
        return  # only what is offered was read
    else:
        sentence = _text_fault(question, str(value)) or _kind_fault(question, str(value))
        if sentence:
            yield Problem(name, sentence)


def _rows(question: Question, rows: list[Mapping[str, Any]]) -> Iterator[Problem]:
    most = question.option("max", 20)
    if len([row for row in rows if not is_empty_row(row)]) > most:
        yield Problem(question.key, _l("There can be %(most)s of these at most.", most=most))
    for number, row in enumerate(rows):
        if is_empty_row(row) and not (number == 0 and question.option("min", 0)):
            continue
        for each in question.fields:
            name = f"{question.key}-{number}-{each.key}"
            value = row.get(each.key)
            if not is_empty(value):
                yield from _of_value(each, value, name)
            elif each.is_required(row):
                yield Problem(name, _missing(each))


def _address(value: Mapping[str, Any], name: str) -> Iterator[Problem]:
    for part, sentence in (
        ("address", _l("Enter street and number.")),
        ("city", _l("Enter the city.")),
    ):
        if not value.get(part):
            yield Problem(f"{name}-{part}", sentence)
    for part, most in (("address", 200), ("city", 80), ("postcode", 16)):
        fault = _line_fault(str(value.get(part) or ""), most)
        if fault:
            yield Problem(f"{name}-{part}", fault)
    if not _is_country(str(value.get("country") or "")):
        yield Problem(f"{name}-country", _l("Choose one from the list."))


def _is_country(code: str) -> bool:
    return len(code) == 2 and code.isascii() and code.isalpha() and code.isupper()


def _line_fault(text: str, most: int) -> Any:
    if len(text) > most:
        return _l("This is longer than %(max)d characters.", max=most)
    if any(not (sign.isprintable() or sign == " ") for sign in text):
        return _l("This text has characters that cannot be used here.")
    return None


def _text_fault(question: Question, text: str) -> Any:
    if question.kind == "long":
        most = question.option("most", USUAL_MOST_LONG)
        return _line_fault(text.replace("\n", " ").replace("\t", " "), int(most))
    is_number = question.kind in ("integer", "decimal")
    return _line_fault(text, 40 if is_number else int(question.option("most", USUAL_MOST)))


def _kind_fault(question: Question, text: str) -> Any:
    if question.kind in CHOOSING:
        offered = {key for key, _, _ in question.choices("en")}
        return None if text in offered else _l("Choose one from the list.")
    return _KINDS[question.kind](question, text) if question.kind in _KINDS else None


def _phone_fault(_question: Question, text: str) -> Any:
    if codes.phone(text, "CN"):
        return None
    return _l("This is not a phone number in the form +8613800138000.")


def _email_fault(_question: Question, text: str) -> Any:
    return None if codes.email(text) else _l("This is not an e-mail address.")


def _number_fault(question: Question, text: str) -> Any:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return _l("This must be a number.")
    if not number.is_finite():
        return _l("This must be a number.")
    if question.kind == "integer" and number != number.to_integral_value():
        return _l("This must be a whole number.")
    least, most = question.option("least"), question.option("most")
    if (least is not None and number < least) or (most is not None and number > most):
        return _l("Enter a number from %(least)s to %(most)s.", least=least or 0, most=most)
    return None


def _date_fault(_question: Question, text: str) -> Any:
    try:
        given = date.fromisoformat(text)
    except ValueError:
        return _l("Enter a date such as 2026-03-31.")
    if not 1990 <= given.year <= 2100:
        return _l("Enter a date such as 2026-03-31.")
    return None


def _country_fault(_question: Question, text: str) -> Any:
    return None if _is_country(text) else _l("Choose one from the list.")


_KINDS = {
    "phone": _phone_fault,
    "email": _email_fault,
    "integer": _number_fault,
    "decimal": _number_fault,
    "date": _date_fault,
    "country": _country_fault,
    "credit_code": lambda _question, text: codes.credit_code_fault(text),
}
