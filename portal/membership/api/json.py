"""Applications as JSON."""

from typing import Any

from portal.accounts.models import Company
from portal.core.db import db
from portal.membership.models import Application
from portal.membership.queries import around, likely, questionnaires
from portal.membership.rules.states import State
from portal.membership.service.checking import holds

API = "/api/v1/applications"


def row(each: Any, reviewer: str | None) -> dict[str, Any]:
    """Return an application as the list names it."""
    same = ("ref", "state", "name", "name_en", "credit_code", "registration_no", "country", "city")
    instants = ("submitted_at", "due_at", "decided_at", "created_at")
    return {
        **{name: getattr(each, name) for name in same},
        "contact": {"name": each.contact_name, "email": each.email, "phone": each.phone},
        "channel": each.channel,
        "reviewer": reviewer,
        **{name: getattr(each, name) for name in instants},
        "links": {"self": f"{API}/{each.ref}", "desk": f"/desk/applications/{each.ref}"},
    }


def whole(application: Application) -> dict[str, Any]:
    """Return an application with its answers and what is known of them."""
    answers = around.answers_of(application)
    version = questionnaires.version_of(application)
    return {
        **row(application, around.person_name(application.reviewer_id) or None),
        "questions_version": version.number,
        "answers": answers,
        "verified": _verified(application, answers),
        "asked": [_asked(each) for each in around.asks_of(application)],
        "history": [_move(each) for each in around.moves_of(application)],
        "likely_same": [
            {
                "kind": match.known.kind,
                "ref": match.known.ref,
                "name": match.known.name,
                "score": match.score,
                "reasons": list(match.reasons),
            }
            for match in likely.likely_same(application, answers)
        ],
        "reason": application.reason,
        "reason_text": application.reason_text,
        "company": _company(application),
    }


def _verified(application: Application, answers: dict[str, Any]) -> dict[str, Any]:
    return {
        key: {
            "by": check.who,
            "at": check.at,
            "how": check.how,
            "note": check.note,
            "holds": holds(check, answers.get(key)),
        }
        for key, check in around.checks_of(application).items()
    }


def _asked(ask: Any) -> dict[str, Any]:
    return {
        "fields": ask.keys,
        "text": ask.text,
        "by": ask.who,
        "asked_at": ask.asked_at,
        "answered_at": ask.answered_at,
    }


def _move(move: Any) -> dict[str, Any]:
    return {"action": move.action, "state": move.state_after, "by": move.who, "at": move.at}


def _company(application: Application) -> str | None:
    if application.company_id is None:
        return None
    return db.session.get_one(Company, application.company_id).ref


def status(application: Application) -> dict[str, Any]:
    """Return where an application stands, for the one who holds its key."""
    ask = around.open_ask(application) if application.state == State.INFO_REQUESTED else None
    return {
        "ref": application.ref,
        "state": application.state,
        "submitted_at": application.submitted_at,
        "due_at": application.due_at,
        "asked": {"fields": ask.keys, "text": ask.text} if ask else None,
        "reason_text": application.reason_text,
    }


def questions(language: str) -> dict[str, Any]:
    """Return the questions of a new application in one language."""
    version = questionnaires.current()
    return {
        "version": version.number,
        "sections": [
            {
                "key": section.key,
                "title": section.title(language),
                "questions": [_question(each, language) for each in section.questions],
            }
            for section in version.sections
        ],
    }


def _question(question: Any, language: str) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "key": question.key,
        "kind": question.kind,
        "label": question.label(language),
        "hint": question.hint(language) or None,
        "required": question.raw.get("required", False),
    }
    if question.choices(language):
        shown["choices"] = [
            {"key": key, "label": text} for key, text, _ in question.choices(language)
        ]
    if question.fields:
        shown["fields"] = [_question(each, language) for each in question.fields]
    if question.items:
        shown["consents"] = [
            {"purpose": each["purpose"], "channel": each["channel"]} for each in question.items
        ]
    return shown
