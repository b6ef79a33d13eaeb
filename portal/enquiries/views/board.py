"""The board: what was asked and answered in public, and the form to ask."""

from typing import Any

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.accounts.access import User
from portal.accounts.roles import ROLE_NAMES
from portal.core import limits
from portal.core.db import db, transaction
from portal.core.errors import PortalError
from portal.enquiries import rules
from portal.enquiries.forms import AdditionForm, VisitorForm
from portal.enquiries.links import key_of
from portal.enquiries.queries import board, threads
from portal.enquiries.service import receiving
from portal.enquiries.service.receiving import Draft
from portal.enquiries.shown import sending
from portal.enquiries.shown.downloads import download
from portal.enquiries.shown.sending import page
from portal.enquiries.views.blueprint import bp


@bp.get("")
def index() -> Response:
    """Show what was asked and answered in public, the newest first."""
    topic = request.args.get("topic", "")
    text = request.args.get("q", "").strip()[:200]
    found = board.published(
        topic=topic if topic in rules.TOPICS else "", text=text, after=request.args.get("after")
    )
    return page(
        "enquiries/index.html",
        page=found,
        answers=board.public_answers(found.items),
        topic=topic,
        q=text,
        topics=rules.TOPICS,
        role_names=ROLE_NAMES,
    )


@bp.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Take a message of a visitor."""
    form = VisitorForm(sending.posted(), **_begun())
    if request.method == "POST":
        if (done := _sent(form)) is not None:
            return done
        sending.problems(form)
    form.show_trap()
    status = 422 if request.method == "POST" else 200
    return page("enquiries/new.html", status, form=form, most_files=rules.MAX_FILES)


def _begun() -> dict[str, Any]:
    """Return what the address says of a new message: its topic, subject and first words."""
    if request.method == "POST":
        return {}
    topic = request.args.get("topic", "")
    return {
        "topic": topic if topic in rules.TOPICS else "general",
        "subject": request.args.get("subject", "")[: rules.MAX_SUBJECT],
        "text": request.args.get("text", "")[: rules.MAX_TEXT],
    }


def _sent(form: VisitorForm) -> Answer | None:
    """Keep the message and lead to it; None where something is to be changed."""
    good = form.validate()
    if form.first_shown() is None:
        form.form_errors.append(str(sending.AGAIN))
        return None
    if not good:
        return None
    try:
        limits.spend("message")
    except PortalError as refusal:
        form.form_errors.append(str(refusal))
        return None
    kept = sending.kept_files(form)
    if kept is None:
        return None
    draft = _draft(form)
    heads = (draft.name, draft.company_name, draft.subject)
    origin, _name = sending.weighed(form, draft.text, heads)
    row = sending.receive(draft, origin, kept)
    return redirect(url_for(".follow", ref=row.ref, key=key_of(row), sent=1), 303)


def _draft(form: VisitorForm) -> Draft:
    return Draft(
        name=form.name.data,
        company_name=form.company_name.data or None,
        email=form.email.data or None,
        phone=form.phone.data or None,
        topic=form.topic.data,
        subject=form.subject.data,
        text=form.text.data,
        is_private=not form.may_publish.data,
        locale=sending.language(),
    )


@bp.get("/<ref>")
def show(ref: str) -> Response:
    """Show one published message with its public answers."""
    message = board.published_one(ref)
    answers = board.public_answers([message])[message.id]
    return page(
        "enquiries/show.html",
        message=message,
        answers=answers,
        described=_described(message, answers),
        topics=rules.TOPICS,
        role_names=ROLE_NAMES,
    )


def _described(message: Any, answers: list[Any]) -> dict[str, Any]:
    """Return a question and its answers as schema.org knows them (JSON-LD)."""
    given = [
        {
            "@type": "Answer",
            "text": answer.text,
            "dateCreated": answer.created_at.isoformat(),
            "author": {"@type": "Person", "name": answer.author_name},
        }
        for answer in answers
    ]
    question = {
        "@type": "Question",
        "name": message.subject,
        "text": message.text,
        "answerCount": len(given),
        "dateCreated": message.created_at.isoformat(),
        "suggestedAnswer": given,
    }
    return {"@context": "https://schema.org", "@type": "QAPage", "mainEntity": question}


@bp.route("/<ref>/<key>", methods=["GET", "POST"])
def follow(ref: str, key: str) -> Answer:
    """Show a message to its writer, who has the secret link, and take what he adds."""
    message = threads.message_by_key(ref, key)
    form = AdditionForm(sending.posted())
    if request.method == "POST":
        if add_to(form, message):
            return redirect(url_for(".follow", ref=ref, key=key, added=1), 303)
        sending.problems(form)
    form.show_trap()
    return page(
        "enquiries/follow.html",
        422 if form.errors or form.form_errors else 200,
        is_secret=True,
        message=message,
        form=form,
        key=key,
        thread=threads.thread_for_writer(message),
        topics=rules.TOPICS,
        role_names=ROLE_NAMES,
        most_files=rules.MAX_FILES,
        just_sent="sent" in request.args,
        just_added="added" in request.args,
    )


def add_to(form: AdditionForm, message: Any, *, by: User | None = None) -> bool:
    """Keep what a writer adds; return whether it was, with sentences in the form if not."""
    good = form.validate()
    shown = form.first_shown()
    if shown is None or form.was_trapped:
        form.form_errors.append(str(sending.AGAIN))
        return False
    if not good:
        return False
    try:
        limits.spend("message_followup")
        return _kept_addition(form, message, shown.name, by)
    except PortalError as refusal:
        sending.wrong(form, refusal)
        return False


def _kept_addition(form: AdditionForm, message: Any, name: str, by: User | None) -> bool:
    kept = sending.kept_files(form)
    if kept is None:
        return False
    with sending.forgetting(kept), transaction():
        on = db.session.connection()
        receiving.add(message, form.text.data, kept, form_name=name, by=by, on=on)
    return True


@bp.get("/<ref>/<key>/files/<file>")
def file(ref: str, key: str, file: str) -> Response:
    """Send a file of a message to its writer."""
    message = threads.message_by_key(ref, key)
    return download(threads.file_of(message, file))
