"""One message at the desk: what was said, what was done, and everything that can be done."""

from collections.abc import Callable
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as Answer

from portal.accounts.roles import ROLE_NAMES
from portal.core import clock, spam
from portal.core.db import AnyRow, db, transaction
from portal.core.errors import Forbidden, Invalid, Refused
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy as _l
from portal.core.links import with_query
from portal.enquiries import rules
from portal.enquiries.desk.blueprint import asker, bp
from portal.enquiries.forms import AnswerForm, NoteForm, PublishForm
from portal.enquiries.links import key_of
from portal.enquiries.queries import desk, threads
from portal.enquiries.rules import State
from portal.enquiries.service import answering, moderating
from portal.enquiries.service.moderating import Shown
from portal.enquiries.shown.downloads import download
from portal.enquiries.shown.sending import wrong
from portal.membership.keys import invite_token

Work = Callable[[AnyRow, Connection], None]
MOVED = {
    State.HIDDEN: _l("Hidden from the board."),
    State.SPAM: _l("Marked as spam. It stands in that list if you want it back."),
    State.PENDING: _l("Taken back. An answer is owed again if there was none."),
}


@bp.get("/<ref>")
def detail(ref: str) -> str:
    """Show one message with its answers, notes, history and what can be done."""
    return _page(ref)


@bp.get("/<ref>/thread")
def thread(ref: str) -> str:
    """Return what was said and done anew, for pages that follow the inbox."""
    return render_template("enquiries/desk/_thread.html", **_everything(ref))


@bp.get("/<ref>/files/<file>")
def file(ref: str, file: str) -> Response:
    """Send a file of a message, to be saved."""
    return download(threads.file_of(threads.message_for(asker(), ref), file, is_staff=True))


@bp.post("/<ref>/answer")
def answer(ref: str) -> Answer | tuple[str, int]:
    """Answer in private or in public; ``also=publish`` publishes what was asked first."""
    form = AnswerForm(request.form)
    if not form.validate():
        return _page(ref, answer_form=form), 422
    is_public = request.form.get("way") == "public"

    def work(message: AnyRow, on: Connection) -> None:
        _refuse_answer(message)
        answering.answer(message, form.text.data, is_public=is_public, by=asker(), on=on)

    try:
        _change(ref, work)
    except (Invalid, Refused) as refusal:
        wrong(form, refusal)
        return _page(ref, answer_form=form), 422
    flash(_("Answered. The writer gets a mail if there is an address."), "good")
    return redirect(url_for(".detail", ref=ref, answered=1))


def _refuse_answer(message: Any) -> None:
    if not threads.may_answer(asker(), message):
        raise Forbidden(_l("You do not have the right to answer this message."))


@bp.post("/<ref>/note")
def note(ref: str) -> Answer | tuple[str, int]:
    """Keep an internal note."""
    form = NoteForm(request.form)
    if not form.validate():
        return _page(ref, note_form=form), 422
    _change(ref, lambda m, on: answering.note(m, form.note.data, by=asker(), on=on))
    flash(_("The note is kept."), "good")
    return redirect(url_for(".detail", ref=ref, noted=1))


@bp.post("/<ref>/assign")
def assign(ref: str) -> Answer:
    """Take the message, give it to a colleague, or give it back."""
    chosen = request.form.get("person", "")
    people = {str(person.id): person for person in desk.colleagues()}
    to = people.get(str(asker().person_id) if chosen == "me" else chosen)
    if to is None and chosen != "nobody":
        raise Invalid(_("Choose a colleague who may answer."))

    def work(message: AnyRow, on: Connection) -> None:
        _refuse_answer(message)
        answering.assign(message, to, by=asker(), on=on)

    _change(ref, work)
    flash(_("It is %(name)s’s now.", name=to.name) if to else _("Given back."), "good")
    return redirect(url_for(".detail", ref=ref))


@bp.post("/<ref>/settle")
def settle(ref: str) -> Answer:
    """Stop the clock of what needs no answer."""

    def work(message: AnyRow, on: Connection) -> None:
        _refuse_answer(message)
        answering.settle(message, by=asker(), on=on)

    _change(ref, work)
    flash(_("Closed without an answer."), "good")
    return redirect(url_for(".detail", ref=ref))


@bp.post("/<ref>/publish")
def publish(ref: str) -> Answer | tuple[str, int]:
    """Show a message on the board, in edited words; its own stay as they were written."""
    form = PublishForm(request.form)
    if not form.validate():
        return _page(ref, publish_form=form), 422
    shown = Shown(form.public_name.data, form.public_subject.data, form.public_text.data)

    def work(message: AnyRow, on: Connection) -> None:
        moderating.publish(message, shown, by=asker(), on=on, own=_own())

    try:
        _change(ref, work)
    except (Invalid, Refused) as refusal:
        wrong(form, refusal)
        return _page(ref, publish_form=form), 422
    flash(_("Published. You can answer in public now."), "good")
    return redirect(url_for(".detail", ref=ref))


def _own() -> tuple[str, ...]:
    config = current_app.config
    return config["CENTRE_EMAIL"], config["CENTRE_PHONE"], config["CENTRE_FAX"]


@bp.post("/<ref>/move/<any(hidden, spam, pending):to>")
def move(ref: str, to: str) -> Answer:
    """Hide a message, put it aside as spam, or take it back."""
    state = State(to)
    _change(ref, lambda m, on: moderating.move(m, state, by=asker(), on=on))
    flash(str(MOVED[state]), "good")
    return redirect(url_for(".detail", ref=ref))


@bp.post("/<ref>/merge")
def merge(ref: str) -> Answer:
    """Let another message be answered in place of this one."""
    into = request.form.get("into", "").strip().upper()

    def work(message: AnyRow, on: Connection) -> None:
        moderating.merge(message, threads.message_for(asker(), into), by=asker(), on=on)

    _change(ref, work)
    flash(_("Merged into %(ref)s. Below you can separate them again.", ref=into), "good")
    return redirect(url_for(".detail", ref=into))


@bp.post("/<ref>/unmerge")
def unmerge(ref: str) -> Answer:
    """Let a merged message stand for itself again."""

    def work(message: AnyRow, on: Connection) -> None:
        if message.merged_into_id is None:
            raise Refused(_l("This message stands for itself already."))
        into = threads.by_id(message.merged_into_id)
        moderating.unmerge(message, into, by=asker(), on=on)

    _change(ref, work)
    flash(_("Separated again."), "good")
    return redirect(url_for(".detail", ref=ref))


@bp.post("/<ref>/apply")
def apply(ref: str) -> Answer:
    """Begin an application for membership with what the message says of its writer."""
    _change(ref, lambda m, on: answering.turn_into_application(m, by=asker(), on=on))
    message = threads.message_for(asker(), ref)
    token = invite_token(
        name=message.name,
        email=message.email or "",
        phone=message.phone or "",
        company=message.company_name or "",
        message_ref=message.ref,
    )
    return redirect(with_query(url_for("apply.begin"), [("from", token)]))


def _change(ref: str, work: Work) -> None:
    with transaction():
        work(threads.message_for(asker(), ref, lock=True), db.session.connection())


def _page(
    ref: str,
    *,
    answer_form: AnswerForm | None = None,
    note_form: NoteForm | None = None,
    publish_form: PublishForm | None = None,
) -> str:
    values = _everything(ref)
    message, user = values["message"], asker()
    may_answer = threads.may_answer(user, message)
    return render_template(
        "enquiries/desk/one.html",
        answer_form=answer_form or AnswerForm(text=_used(message)),
        note_form=note_form or NoteForm(),
        publish_form=publish_form or PublishForm(**_proposed(message)),
        edits=publish_form is not None or "publish" in request.args,
        may_answer=may_answer,
        canned=desk.canned(message) if may_answer else [],
        alike=desk.alike(user, message) if user.may("messages.moderate") else [],
        colleagues=desk.colleagues(),
        **values,
    )


def _everything(ref: str) -> dict[str, Any]:
    message = threads.message_for(asker(), ref)
    return {
        "message": message,
        "thread": threads.thread_for_staff(message),
        "merged": threads.merged_into(message),
        "into": threads.by_id(message.merged_into_id) if message.merged_into_id else None,
        "history": desk.history_of(message),
        "topics": rules.TOPICS,
        "state_text": rules.STATE_TEXT,
        "role_names": ROLE_NAMES,
        "action_text": rules.action_text,
        "reasons": spam.in_words(message.spam_reasons),
        "key": key_of(message),
        "inbox": "" if asker().may("messages.see") else "supplier",
        "me": asker().person_id,
        "present": clock.now(),
    }


def _used(message: Any) -> str:
    """Return the earlier answer that was chosen to begin with, if any."""
    wanted = request.args.get("use")
    return (
        next((row.text for row in desk.canned(message) if row.ref == wanted), "") if wanted else ""
    )


def _proposed(message: Any) -> dict[str, str]:
    """Return what the board would show: what it shows already, else without contacts."""
    return {
        "public_name": message.public_name or rules.public_name(message.name),
        "public_subject": message.public_subject or rules.contact_free(message.subject),
        "public_text": message.public_text or rules.contact_free(message.text),
    }
