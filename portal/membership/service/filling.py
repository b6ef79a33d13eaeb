"""Filling an application: beginning it, keeping answers, adding papers."""

import hashlib
import secrets
from typing import Any

import orjson
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Invalid, Refused
from portal.core.files import Stored
from portal.core.i18n import lazy as _l
from portal.membership import keys
from portal.membership.models import Answer, Application, Paper
from portal.membership.rules.problems import MAX_PAPERS
from portal.membership.rules.questions import Version
from portal.membership.rules.reading import is_empty_row
from portal.membership.rules.states import State
from portal.membership.service.moving import tell
from portal.membership.service.placing import located
from portal.membership.service.questions import ensure_current
from portal.membership.service.referrals import referrer

LONGEST_COLUMN = 300  # characters of an answer that are repeated in the row


def begin(
    *,
    locale: str,
    channel: str = "web",
    form: str | None = None,
    message_ref: str | None = None,
    suspicion: dict[str, Any] | None = None,
) -> Application:
    """Begin an application under the present questions.

    ``form`` names the form that began it: sent twice, it must not begin two.
    Records ApplicationBegun.
    """
    at = clock.now()
    application = Application(
        ref=keys.new_ref("AP"),
        key_seed=secrets.token_hex(16),
        begun_with=form,
        questionnaire_id=ensure_current().id,
        state=State.DRAFT,
        locale=locale,
        channel=channel,
        message_ref=message_ref or None,
        created_at=at,
        changed_at=at,
    )
    if suspicion:
        application.suspicion = suspicion
    db.session.add(application)
    tell(application, "begin", before=None, by=None)
    return application


def save(application: Application, values: dict[str, Any]) -> None:
    """Keep answers as they were given, right or wrong, while it is a draft.

    ``values`` are key → value; an address is looked up. Raises Refused once it has been sent.
    """
    if application.state != State.DRAFT:
        raise Refused(_l("This application has been sent, so its answers stay as they are."))
    put(application, values)


def put(application: Application, values: dict[str, Any]) -> None:
    """Write answers, whatever the state; the caller has made sure that it may be done."""
    kept = {row.key: row for row in _kept(application)}
    for key, value in values.items():
        before = kept[key].value if key in kept else None
        value = located(value, before) if key == "address" and isinstance(value, dict) else value
        if key in kept and before == value:
            continue
        if key in kept:
            kept[key].value, kept[key].changed_at = value, clock.now()
            kept[key].questionnaire_id = application.questionnaire_id
        else:
            db.session.add(_answer(application, key, value))
    application.changed_at = clock.now()
    _repeat(application, values)
    db.session.flush()


def _kept(application: Application) -> list[Answer]:
    wanted = select(Answer).where(Answer.application_id == application.id)
    return list(db.session.scalars(wanted))


def _answer(application: Application, key: str, value: Any) -> Answer:
    return Answer(
        application_id=application.id,
        key=key,
        questionnaire_id=application.questionnaire_id,
        value=value,
        changed_at=clock.now(),
    )


def _repeat(application: Application, values: dict[str, Any]) -> None:
    """Repeat in the row what the queue and the search for duplicates need."""
    for column in ("name", "name_en", "country", "credit_code", "registration_no"):
        if column in values:
            setattr(application, column, _short(values[column]))
    if "address" in values:
        application.city = _short((values["address"] or {}).get("city"))
    if "contacts" in values:
        first: dict[str, Any] = next(
            (row for row in values["contacts"] if not is_empty_row(row)), {}
        )
        application.contact_name = _short(first.get("name"))
        application.email = _short((first.get("email") or "").lower())
        application.phone = _short(first.get("phone"))
    if "referred_by" in values:
        application.referred_by_id = referrer(values["referred_by"] or "")


def _short(value: Any) -> str | None:
    return str(value)[:LONGEST_COLUMN] if value else None


def add_paper(application: Application, key: str, stored: Stored, name: str) -> Paper:
    """Keep a file with an answer. Raises Invalid when there are too many."""
    count = len(_papers(application, key))
    if count >= MAX_PAPERS:
        raise Invalid(_l("These are too many files."))
    paper = Paper(
        ref=keys.new_ref("AF"),
        application_id=application.id,
        key=key,
        name=name,
        file_key=stored.key,
        media_type=stored.media_type,
        size=stored.size,
        sha256=stored.sha256,
        created_at=clock.now(),
    )
    db.session.add(paper)
    db.session.flush()
    _note_papers(application, key)
    return paper


def remove_paper(application: Application, paper: Paper) -> None:
    """Take a paper away."""
    paper.removed_at = clock.now()
    db.session.flush()
    _note_papers(application, paper.key)


def _papers(application: Application, key: str) -> list[Paper]:
    wanted = select(Paper).where(
        Paper.application_id == application.id, Paper.key == key, Paper.removed_at.is_(None)
    )
    return list(db.session.scalars(wanted.order_by(Paper.id)))


def _note_papers(application: Application, key: str) -> None:
    """Let the answer name its papers, so that changes of it are seen like any other."""
    papers = _papers(application, key)
    put(application, {key: [{"ref": each.ref, "name": each.name} for each in papers]})


def fingerprint(version: Version, answers: dict[str, Any]) -> str:
    """Return the hash of what was answered, the same for the same answers."""
    values = {key: answers.get(key) for key, each in version.by_key.items() if _counts(each.kind)}
    return hashlib.sha256(orjson.dumps(values, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _counts(kind: str) -> bool:
    return kind not in ("papers", "consents", "yes")


def value_hash(value: Any) -> str:
    """Return the hash of one answer, to know whether it is still the one that was checked."""
    return hashlib.sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]
