"""A company's own messages: its people write, read the answers and add to them."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as Answer

from portal.accounts.access import User
from portal.accounts.roles import ROLE_NAMES
from portal.core import limits
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.enquiries import rules
from portal.enquiries.forms import AdditionForm, MemberForm
from portal.enquiries.queries import own, threads
from portal.enquiries.service.receiving import Draft, Origin
from portal.enquiries.shown import sending
from portal.enquiries.shown.downloads import download
from portal.enquiries.views.board import add_to

bp = Blueprint("own_messages", __name__)


def _user() -> User:
    user: User = current_user._get_current_object()
    return user


@bp.get("")
def index() -> str:
    """Show what the company has written, the newest first."""
    page = own.messages_of(_user(), after=request.args.get("after"))
    return render_template("enquiries/own/index.html", page=page, **_words())


@bp.get("/list")
def rows() -> str:
    """Return the list anew, for pages that follow the company."""
    page = own.messages_of(_user(), after=request.args.get("after"))
    return render_template("enquiries/own/_list.html", page=page, **_words())


def _words() -> dict[str, Any]:
    return {"topics": rules.TOPICS, "role_names": ROLE_NAMES, "most_files": rules.MAX_FILES}


@bp.route("/new", methods=["GET", "POST"])
def new() -> Answer | str | tuple[str, int]:
    """Take a message of a member."""
    form = MemberForm(sending.posted(), **_begun())
    if request.method == "POST":
        if (done := _sent(form)) is not None:
            return done
        sending.problems(form)
    form.show_trap()
    page = render_template("enquiries/own/new.html", form=form, **_words())
    return (page, 422) if request.method == "POST" else page


def _begun() -> dict[str, Any]:
    if request.method == "POST":
        return {}
    topic = request.args.get("topic", "")
    return {
        "topic": topic if topic in rules.TOPICS else "general",
        "subject": request.args.get("subject", "")[: rules.MAX_SUBJECT],
        "text": request.args.get("text", "")[: rules.MAX_TEXT],
    }


def _sent(form: MemberForm) -> Answer | None:
    good = form.validate()
    shown = form.first_shown()
    if shown is None:
        form.form_errors.append(str(sending.AGAIN))
    if not good or shown is None:
        return None
    try:
        limits.spend("message", _user().person_id)
    except PortalError as refusal:
        form.form_errors.append(str(refusal))
        return None
    kept = sending.kept_files(form)
    if kept is None:
        return None
    user = _user()
    origin = Origin(company_id=user.company_id, person_id=user.person_id, form_name=shown.name)
    row = sending.receive(draft_of(user, form), origin, kept)
    flash(
        _("We have your message %(ref)s. The answer comes here and by mail.", ref=row.ref), "good"
    )
    return redirect(url_for(".show", ref=row.ref), 303)


def draft_of(user: User, form: Any) -> Draft:
    """Return the message of a member: who writes is known, and it is private."""
    return Draft(
        name=user.name,
        company_name=user.company_name,
        email=user.email,
        phone=form.phone.data or None,
        topic=form.topic.data,
        subject=form.subject.data,
        text=form.text.data,
        is_private=True,
        locale=user.locale or sending.language(),
    )


@bp.route("/<ref>", methods=["GET", "POST"])
def show(ref: str) -> Answer | str | tuple[str, int]:
    """Show one of the company's messages, and take what is added to it."""
    message = threads.message_for(_user(), ref)
    form = AdditionForm(sending.posted())
    if request.method == "POST":
        if add_to(form, message, by=_user()):
            flash(_("Added. We answer as soon as we can."), "good")
            return redirect(url_for(".show", ref=ref), 303)
        sending.problems(form)
    form.show_trap()
    page = render_template("enquiries/own/show.html", form=form, **_thread(message))
    return (page, 422) if request.method == "POST" else page


@bp.get("/<ref>/thread")
def thread(ref: str) -> str:
    """Return what was said anew, for pages that follow the company."""
    return render_template(
        "enquiries/own/_thread.html", **_thread(threads.message_for(_user(), ref))
    )


def _thread(message: Any) -> dict[str, Any]:
    thread = threads.thread_for_writer(message)
    return {"message": message, "thread": thread, **_words()}


@bp.get("/<ref>/files/<file>")
def file(ref: str, file: str) -> Response:
    """Send a file of one of the company's messages."""
    return download(threads.file_of(threads.message_for(_user(), ref), file))
