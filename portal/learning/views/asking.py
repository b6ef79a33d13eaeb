"""Asking the experts: the form, and the page that the secret link opens."""

import hashlib
import hmac
from typing import Any

from flask import Blueprint, Response, current_app, redirect, request, url_for
from flask_login import current_user
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response as Answer

from portal.accounts.roles import ROLE_NAMES
from portal.core import i18n, limits, spam
from portal.core.db import AnyRow, db, transaction
from portal.core.errors import Forbidden, PortalError
from portal.core.i18n import lazy as _l
from portal.learning.forms import AskForm
from portal.learning.links import key_of
from portal.learning.queries import questions
from portal.learning.rules.topics import TOPICS
from portal.learning.service import asking
from portal.learning.service.asking import Draft
from portal.learning.views.page import page

bp = Blueprint("ask", __name__)
AGAIN = _l(
    "This form was open for very long, or the browser has lost it. "
    "Nothing you wrote is lost: please look at it and send it again."
)


@bp.record_once
def _forms_need_no_session(state: Any) -> None:
    """Take this part's forms out of the session's token: nobody is known here by his cookie."""
    state.app.extensions["csrf"].exempt(bp)


@bp.before_request
def _refuse_foreign() -> None:
    """Refuse forms that a browser sends for another site. Raises Forbidden."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    is_foreign = origin not in (None, "null") and origin.partition("://")[2] != request.host
    if is_foreign or site not in (None, "same-origin", "none"):
        raise Forbidden(_l("This request came from another site."))


@bp.route("", methods=["GET", "POST"])
def index() -> Answer:
    """Take a question."""
    form = AskForm(request.form if request.method == "POST" else None, **_begun())
    if request.method == "POST" and (row := _kept(form)) is not None:
        return redirect(url_for(".follow", ref=row.ref, key=key_of(row), sent=1), 303)
    form.show_trap()
    return page("learning/ask.html", 422 if request.method == "POST" else 200, form=form)


def _begun() -> dict[str, Any]:
    """Return what is known before the form is filled: who is signed in, the topic asked for."""
    if request.method == "POST":
        return {}
    topic = request.args.get("topic", "")
    known: dict[str, Any] = {"topic": topic} if topic in TOPICS else {}
    if current_user.is_authenticated:
        known |= {"name": current_user.name, "email": current_user.email}
    return known


def _kept(form: AskForm) -> AnyRow | None:
    """Keep a question, once for each form; None where something is to be changed."""
    good, shown = form.validate(), form.first_shown()
    if shown is None:
        form.form_errors.append(str(AGAIN))
    if shown is None or not good:
        return None
    try:
        limits.spend("question")
    except PortalError as refusal:
        form.form_errors.append(str(refusal))
        return None
    try:
        with transaction():
            return asking.ask(
                _draft(form),
                _weighed(form),
                sender=_sender(),
                form_name=shown.name,
                on=db.session.connection(),
            )
    except IntegrityError:  # the same form, sent twice at the same moment
        if (known := questions.sent_by(shown.name)) is None:
            raise
        return known


def _draft(form: AskForm) -> Draft:
    return Draft(
        name=form.name.data,
        email=form.email.data,
        topic=form.topic.data,
        subject=form.subject.data,
        text=form.text.data,
        may_publish=bool(form.may_publish.data),
        locale=i18n.tag(),
        person_id=current_user.person_id,
    )


def _weighed(form: AskForm) -> spam.Verdict:
    from_here, known = questions.lately(_sender())
    return spam.weigh(
        form.text.data,
        heads=[form.name.data, form.subject.data],
        took=form.time_taken(),
        trapped=form.was_trapped,
        from_here=from_here,
        known=known,
    )


def _sender() -> str:
    """Return a keyed hash of the caller's address: enough to count by, of no other use."""
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, f"asker {limits.address()}".encode(), hashlib.sha256).hexdigest()[:24]


@bp.get("/<ref>/<key>")
def follow(ref: str, key: str) -> Response:
    """Show a question and its answers to who asked, who has the secret link."""
    question = questions.by_key(ref, key)
    return page(
        "learning/follow.html",
        is_secret=True,
        question=question,
        key=key,
        answers=questions.answers_of([question.id], public_only=False)[question.id],
        topics=TOPICS,
        role_names=ROLE_NAMES,
        just_sent="sent" in request.args,
    )
