"""``/api/v1/applications``: visitors hand one in, the desk lists and decides."""

from typing import Any

from flask import Blueprint, Response, request
from flask_login import current_user

from portal.accounts.access import User
from portal.accounts.service.people import find_person
from portal.core import i18n, limits, pagination
from portal.core.api import as_json, parsed
from portal.core.db import transaction
from portal.core.errors import FieldError, Invalid
from portal.core.i18n import lazy as _l
from portal.core.idempotency import idempotent
from portal.membership import keys, service
from portal.membership.api import json
from portal.membership.api.shapes import Approval, InfoRequest, NewApplication, Refusal
from portal.membership.models import Application
from portal.membership.queries import applications, questionnaires
from portal.membership.queries.applications import Wanted
from portal.membership.rules.questions import Version, word
from portal.membership.rules.reading import clean, from_json, is_empty_row
from portal.membership.service import Agreed, Terms

bp = Blueprint("applications_api", __name__)


@bp.get("/questions")
def questions() -> Response:
    """Read the questions of a new application in the language of the request."""
    return as_json(json.questions(i18n.tag()))


@bp.get("")
def index() -> Response:
    """List applications that reached the desk, the soonest due first."""
    asked = request.args
    wanted = Wanted(
        state=asked.get("state", ""),
        words=asked.get("q", "")[:200],
        country=asked.get("country", "")[:2],
        overdue=asked.get("overdue") == "1",
    )
    rows, following = applications.applications_for(
        _user(), wanted, after=asked.get("after"), limit=pagination.limit(asked.get("limit"))
    )
    return as_json({"items": [json.row(each, each.reviewer) for each in rows], "next": following})


def _user() -> User:
    user: User = current_user._get_current_object()
    return user


@bp.post("")
@idempotent
def create() -> Response:
    """Hand in an application; a mail to the first contact asks for proof of the address."""
    limits.spend("application")
    sent = parsed(NewApplication)
    with transaction():
        application = _handed_in(sent)
    key = keys.key_of(application)
    page = f"/apply/{application.ref}?key={key}"
    answer = {
        "ref": application.ref,
        "state": application.state,
        "key": key,
        "links": {"self": f"{json.API}/{application.ref}?key={key}", "page": page},
    }
    return as_json(answer, 201)


def _handed_in(sent: NewApplication) -> Application:
    application = service.begin(locale=sent.language, channel="api")
    version = questionnaires.version_of(application)
    service.save(application, _values(version, sent.answers))
    try:
        service.send(application, version, _agreed(version, sent), confirmed=sent.confirmed)
    except Invalid as invalid:
        raise Invalid(invalid.message, [_named(each) for each in invalid.errors]) from None
    return application


def _values(version: Version, answers: dict[str, Any]) -> dict[str, Any]:
    unknown = [key for key in answers if key not in version.by_key]
    if unknown:
        sentence = _l("There is no field of this name.")
        raise Invalid(sentence, [FieldError(f"answers.{key}", sentence) for key in unknown[:20]])
    country = str(answers.get("country") or "CN")
    return {
        key: _filled(from_json(version.by_key[key], value, country=country))
        for key, value in answers.items()
        if version.by_key[key].kind not in ("papers", "consents", "yes")
    }


def _filled(value: Any) -> Any:
    if isinstance(value, list):
        return [row for row in value if not (isinstance(row, dict) and is_empty_row(row))]
    return value


def _agreed(version: Version, sent: NewApplication) -> list[Agreed]:
    given = {(each.purpose, each.channel) for each in sent.consents if each.given}
    return [
        Agreed(
            item["purpose"],
            item["channel"],
            (item["purpose"], item["channel"]) in given,
            word(item["label"], sent.language),
        )
        for question in version.last.questions
        for item in question.items
    ]


def _named(error: FieldError) -> FieldError:
    """Return an error at the path of its value: ``answers.contacts.0.email``."""
    path = error.field.replace("-", ".")
    return FieldError("confirmed" if path == "truthful" else f"answers.{path}", error.message)


@bp.get("/<ref>")
def show(ref: str) -> Response:
    """Read an application: all of it at the desk, its standing for who holds its key."""
    if request.args.get("key"):
        return as_json(json.status(applications.opened(ref, request.args["key"])))
    return as_json(json.whole(applications.application_for(_user(), ref)))


@bp.post("/<ref>/approve")
@idempotent
def approve(ref: str) -> Response:
    """Make the applicant a member, on terms."""
    sent = parsed(Approval)
    with transaction():
        application = applications.application_for(_user(), ref, lock=True)
        company = service.approve(application, _terms(sent), by=_user())
    return as_json({**json.row(application, None), "company": company.ref})


def _terms(sent: Approval) -> Terms:
    manager = find_person(sent.account_manager) if sent.account_manager else None
    usual = None if sent.account_manager else _user().person_id
    return Terms(
        role=sent.role,
        payment_terms=sent.payment_terms,
        tariff=sent.tariff,
        account_manager_id=manager.id if manager else usual,
    )


@bp.post("/<ref>/refuse")
@idempotent
def refuse(ref: str) -> Response:
    """Refuse an application with a reason and words to the applicant."""
    sent = parsed(Refusal)
    with transaction():
        application = applications.application_for(_user(), ref, lock=True)
        service.refuse(application, sent.reason, clean(sent.text), by=_user())
    return as_json(json.row(application, None))


@bp.post("/<ref>/request-info")
@idempotent
def request_info(ref: str) -> Response:
    """Ask the applicant about named answers; a mail goes out."""
    sent = parsed(InfoRequest)
    with transaction():
        application = applications.application_for(_user(), ref, lock=True)
        version = questionnaires.version_of(application)
        by = _user().person_id
        service.ask(application, version, sent.fields, clean(sent.text), by=by)
    return as_json(json.row(application, None))
