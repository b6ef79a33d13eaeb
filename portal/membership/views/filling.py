"""One step as a form: reading it, keeping it, drawing it."""

from collections.abc import Iterable
from typing import Any

from flask import render_template, request
from werkzeug.datastructures import FileStorage

from portal.accounts.company_forms import countries
from portal.core import files, i18n
from portal.core.errors import FieldError, PortalError
from portal.core.i18n import gettext as _
from portal.membership import service
from portal.membership.models import Application
from portal.membership.queries import around
from portal.membership.rules.questions import Question, Section, Version
from portal.membership.rules.reading import is_empty, is_empty_row, read
from portal.membership.service import placing

MOST_FILES = 10  # of one request


def posted(section_questions: tuple[Question, ...]) -> dict[str, Any]:
    """Return key → value of what this request posts for some questions, papers aside."""
    country = request.form.get("country", "") or "CN"
    return {
        each.key: _without_empty(each, read(each, request.form, country=country))
        for each in section_questions
        if each.kind not in ("papers", "consents")
    }


def _without_empty(question: Question, value: Any) -> Any:
    if question.kind != "rows":
        return value
    return [row for row in value if not is_empty_row(row)]


def is_blank(values: dict[str, Any]) -> bool:
    """Return whether nothing at all was entered."""
    return all(is_empty(value) for value in values.values())


def without_removed(values: dict[str, Any], do: str) -> dict[str, Any]:
    """Return values without the row that the button ``remove:<key>:<number>`` names."""
    verb, _colon, rest = do.partition(":")
    key, _colon, number = rest.partition(":")
    if verb != "remove" or not number.isdigit() or not isinstance(values.get(key), list):
        return values
    return values | {key: [row for n, row in enumerate(values[key]) if n != int(number)]}


def sent_files(questions: tuple[Question, ...]) -> tuple[list[Any], list[FieldError]]:
    """Keep the files of this request; return (key, kept file, name) and what was refused."""
    kept, refused = [], []
    for question in questions:
        if question.kind != "papers":
            continue
        for each in request.files.getlist(question.key)[:MOST_FILES]:
            if each.filename:
                try:
                    kept.append((question.key, *_kept(each)))
                except PortalError as error:
                    refused.append(FieldError(question.key, _refusal(each, error)))
    return kept, refused


def _kept(file: FileStorage) -> tuple[files.Stored, str]:
    name = file.filename or ""
    stored = files.keep_document(file.read(), name=name)
    return stored, files.clean_name(name, stored.media_type)


def _refusal(file: FileStorage, error: PortalError) -> str:
    return f"{files.clean_name(file.filename or '')}{_(': ')}{error}"


def add_files(application: Application, kept: list[Any]) -> None:
    """Add kept files to an application, in the current transaction."""
    for key, stored, name in kept:
        service.add_paper(application, key, stored, name)


def take_away(application: Application, do: str) -> None:
    """Take the paper away that the button ``drop:<reference>`` names."""
    verb, _colon, ref = do.partition(":")
    if verb == "drop":
        service.remove_paper(application, around.paper_of(application, ref))


def choose_place(application: Application, answers: dict[str, Any]) -> None:
    """Keep the place that was chosen among those offered for the address."""
    choice = request.form.get("address-choice", "")
    value = answers.get("address")
    if choice and isinstance(value, dict):
        service.save(application, {"address": placing.chosen(value, choice)})


def shown(
    version: Version,
    section: Section,
    answers: dict[str, Any],
    problems: list[Any],
    **more: Any,
) -> str:
    """Draw one step."""
    names = [each.key for each in version.sections]
    return render_template(
        "membership/step.html",
        version=version,
        section=section,
        position=names.index(section.key) + 1,
        **field_names(answers, problems, section.questions),
        **more,
    )


def field_names(
    answers: dict[str, Any], problems: list[Any], questions: Iterable[Question]
) -> dict[str, Any]:
    """Return what the templates of fields need."""
    faults: dict[str, list[str]] = {}
    for each in problems:
        faults.setdefault(each.field, []).append(str(each.message))
    return {
        "answers": answers,
        "faults": faults,
        "problems": [(each.field, _said(each, questions)) for each in problems],
        "countries": countries(),
        "language": i18n.tag(),
        "offered_places": placing.offered(answers.get("address") or {}),
        "place_name": placing.name_of,
    }


def _said(problem: Any, questions: Iterable[Question]) -> str:
    """Return what is wrong, with the name of what it is about in front."""
    key, _dash, rest = problem.field.partition("-")
    question = next((each for each in questions if each.key == key), None)
    if question is None:
        return str(problem.message)
    named = [question.label(i18n.tag())]
    number, _dash, part = rest.partition("-")
    if number.isdigit():
        field = next((each for each in question.fields if each.key == part), None)
        named = [f"{named[0]} {int(number) + 1}", field.label(i18n.tag()) if field else ""]
    return _(": ").join([*filter(None, named), str(problem.message)])
