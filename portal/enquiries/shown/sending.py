"""What every form that strangers send goes through: kept files, weighed words, one message."""

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Response, current_app, make_response, render_template, request
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import CombinedMultiDict
from wtforms import Form

from portal.core import attribution, files, i18n, limits, spam
from portal.core.db import AnyRow, db, transaction
from portal.core.errors import Forbidden, Invalid, PortalError
from portal.core.i18n import lazy as _l
from portal.enquiries.forms import sent
from portal.enquiries.queries import own
from portal.enquiries.service import receiving
from portal.enquiries.service.receiving import Draft, Named, Origin

AGAIN = _l(
    "This form was open for very long, or the browser has lost it. "
    "Nothing you wrote is lost: please look at it and send it again."
)
FILES_AGAIN = _l("Your browser does not keep chosen files. Please choose them again.")


def posted() -> Any:
    """Return what a form sent, files and all; None where nothing was sent."""
    return CombinedMultiDict([request.files, request.form]) if request.method == "POST" else None


def sender() -> str:
    """Return a keyed hash of the caller's address: enough to count by, of no other use."""
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, f"sender {limits.address()}".encode(), hashlib.sha256).hexdigest()[:24]


def weighed(form: Any, text: str, heads: Iterable[str | None]) -> tuple[Origin, str | None]:
    """Return where a form came from, with its verdict, and the form's own name."""
    here = sender()
    from_here, known = own.lately(here)
    shown = form.first_shown()
    verdict = spam.weigh(
        text,
        heads=[head for head in heads if head],
        took=form.time_taken(),
        trapped=form.was_trapped,
        from_here=from_here,
        known=known,
    )
    name = shown.name if shown else None
    return Origin(sender=here, form_name=name, verdict=verdict), name


def kept_files(form: Any) -> list[Named] | None:
    """Keep the files of a form; None, with sentences at the field, where one is not taken."""
    kept: list[Named] = []
    wrong = []
    for each in sent(form.files.data):
        try:
            stored = files.keep_document(each.read(), name=each.filename)
        except PortalError as refusal:
            wrong.append(f"{files.clean_name(each.filename)}: {refusal}")
        else:
            kept.append(Named(stored, files.clean_name(each.filename, stored.media_type)))
    if not wrong:
        return kept
    forget(kept)
    form.files.errors = [*form.files.errors, *wrong]
    return None


def forget(kept: Iterable[Named]) -> None:
    """Remove files of which nothing was made."""
    for each in kept:
        files.forget(each.stored.key)


def receive(draft: Draft, origin: Origin, kept: list[Named]) -> AnyRow:
    """Keep a message, once for each form, however often and from wherever it is sent."""
    try:
        with forgetting(kept), transaction():
            is_new = own.sent_by(origin.form_name) is None
            row = receiving.receive(draft, origin, kept, on=db.session.connection())
            if is_new:
                attribution.note("inquiry", row.ref, on=db.session.connection())
            return row
    except IntegrityError:  # the same form, sent twice at the same moment
        if (known := own.sent_by(origin.form_name)) is None:
            raise
        return known


@contextmanager
def forgetting(kept: list[Named]) -> Iterator[None]:
    """Remove the files again if the block fails."""
    try:
        yield
    except BaseException:
        forget(kept)
        raise


def problems(form: Form) -> None:
    """Say at a form that is shown again what its browser did not keep."""
    if "files" in form and sent(form["files"].data) and not form["files"].errors:
        form["files"].errors = [str(FILES_AGAIN)]


def language() -> str:
    """Return the language that is spoken now: answers and mails come in it."""
    return i18n.tag()


def page(template: str, status: int = 200, *, is_secret: bool = False, **values: Any) -> Response:
    """Return a page for somebody who may be nobody: no session is begun for it.

    ``is_secret``: its address is a key; nothing keeps a copy, no search engine shows it.
    """
    answer = make_response(render_template(template, csrf_token=form_token, **values), status)
    if is_secret:
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["X-Robots-Tag"] = "noindex, nofollow"
        answer.headers["Referrer-Policy"] = "strict-origin"
    return answer


def form_token() -> str:
    """Return the token of the frame's forms; visitors have none, and so need no session."""
    return generate_csrf() if current_user.is_authenticated else ""


def refuse_foreign() -> None:
    """Refuse forms that a browser sends for another site. Raises Forbidden."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site")
    if origin not in (None, "null") and origin.partition("://")[2] != request.host:
        raise Forbidden(_l("This request came from another site."))
    if site not in (None, "same-origin", "none"):
        raise Forbidden(_l("This request came from another site."))


def wrong(form: Any, error: PortalError) -> None:
    """Show a refusal above a form, or at the fields that it names."""
    if isinstance(error, Invalid) and error.errors:
        for each in error.errors:
            if each.field in form:
                form[each.field].errors = [*form[each.field].errors, str(each.message)]
        return
    form.form_errors.append(str(error))
