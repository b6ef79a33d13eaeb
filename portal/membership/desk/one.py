"""One application: answers with what is known of each, likely duplicates, notes, history."""

from typing import Any

from flask import render_template
from werkzeug.wrappers import Response

from portal.accounts.rules import STANDINGS
from portal.accounts.rules.companies import PAYMENT_TERMS
from portal.accounts.rules.duplicates import REASON_TEXT
from portal.core import clock, i18n, spam
from portal.membership.desk.blueprint import bp, user
from portal.membership.models import Application
from portal.membership.queries import applications, around, likely, questionnaires
from portal.membership.rules.decisions import CHANNELS, HOWS, REFUSALS
from portal.membership.rules.states import (
    ACTION_TEXT,
    MOVABLE,
    OPEN,
    STATE_TEXT,
    State,
    possible,
)
from portal.membership.service.checking import holds
from portal.membership.shown import copy, way, words
from portal.membership.shown.download import as_download, as_pdf


@bp.get("/<ref>")
def detail(ref: str) -> str:
    """Show one application."""
    return page(applications.application_for(user(), ref))


@bp.get("/<ref>/state")
def state(ref: str) -> str:
    """Show it anew, for pages that follow the inbox."""
    return render_template(
        "membership/desk/_detail.html", **everything(applications.application_for(user(), ref))
    )


def page(application: Application, wrong: Any = None) -> str:
    """Draw the page of an application, with what is wrong in what was sent."""
    return render_template("membership/desk/detail.html", wrong=wrong, **everything(application))


def everything(application: Application) -> dict[str, Any]:
    """Return all that the page shows."""
    version = questionnaires.version_of(application)
    answers = around.answers_of(application)
    checks = around.checks_of(application)
    return {
        "application": application,
        "version": version,
        "language": i18n.tag(),
        "answers": answers,
        "lines": words.lines,
        "place_of": words.place_of,
        "checks": checks,
        "holds": {key: holds(check, answers.get(key)) for key, check in checks.items()},
        "changes": around.changes_of(application),
        "consents": around.consents_of(application),
        "matches": likely.likely_same(application, answers),
        "notes": around.notes_of(application),
        "moves": around.moves_of(application),
        "said": way.said,
        "ask": around.open_ask(application) if application.state == State.INFO_REQUESTED else None,
        "staff": around.staff_with("applications.verify"),
        "reviewer": around.person_name(application.reviewer_id),
        "referrer": around.person_name(application.referred_by_id),
        "is_own_referral": application.referred_by_id == user().person_id,
        "may_do": possible(application.state),
        "is_open": application.state in OPEN,
        "now_at": clock.now(),
        "suspicion": spam.in_words((application.suspicion or {}).get("reasons", ())),
        **TEXTS,
    }


TEXTS: dict[str, Any] = {
    "state_text": STATE_TEXT,
    "action_text": ACTION_TEXT,
    "reason_text": REASON_TEXT,
    "refusals": REFUSALS,
    "payment_terms": PAYMENT_TERMS,
    "hows": HOWS,
    "channels": CHANNELS,
    "standings": STANDINGS,
    "movable": MOVABLE,
}


@bp.get("/<ref>/papers/<paper>")
def paper(ref: str, paper: str) -> Response:
    """Give a file of the applicant, to be saved."""
    return as_download(around.paper_of(applications.application_for(user(), ref), paper))


@bp.get("/<ref>/copy.pdf")
def copy_pdf(ref: str) -> Response:
    """Give the application as PDF, in the reader's language."""
    application = applications.application_for(user(), ref)
    version = questionnaires.version_of(application)
    made = copy.pdf(
        application,
        version,
        around.answers_of(application),
        around.consents_of(application),
        language=i18n.tag(),
    )
    return as_pdf(made, application.ref)
