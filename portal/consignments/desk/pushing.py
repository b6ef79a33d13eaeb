"""Pushing a status to one consignment or many, and taking it back within a minute."""

from dataclasses import dataclass
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as Redirect

from portal.accounts.access import User
from portal.consignments.desk import chosen as choosing
from portal.consignments.desk.blueprint import board_bp as bp
from portal.consignments.desk.chosen import Chosen, one_time_key
from portal.consignments.desk.forms import PushForm
from portal.consignments.queries.heads import heads_for
from portal.consignments.service import batch
from portal.consignments.service import undo as undoing
from portal.consignments.service.batch import Outcome
from portal.core import db
from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext
from portal.core.links import with_query


@dataclass(frozen=True)
class Answer:
    """What one row of a push is told: kind accepted, duplicate, refused, unknown or withdrawn.

    ``status`` is the consignment's state after it (None where nothing is known of it).
    """

    no: str
    kind: str
    status: str | None
    sentence: Any


@bp.get("/push")
@bp.get("/undo")
def back() -> Redirect:
    """Lead from the address of an answer, which cannot be asked for anew, to the board."""
    return redirect(with_query(url_for("board.index"), request.args))


@bp.post("/push")
def push() -> Response:
    """Push a status to every chosen consignment; each row answers for itself."""
    user: User = current_user._get_current_object()
    form, chosen = PushForm(request.form), choosing.read(user, request.form)
    key = one_time_key(request.form.get("key"))
    valid = form.validate()
    if not valid or chosen.error is not None:
        return _page(form, chosen, key, (), status=422)
    rows = [(no, form.event(undoing.event_key(key, no))) for no in chosen.numbers]
    outcomes = db.write(
        lambda on: batch.push_many(
            lambda nos: heads_for(user, nos, on=on), rows, by=user.person_id, on=on
        )
    )
    answers = [*map(answer_of, outcomes), *map(_unread, chosen.unread)]
    return _page(form, chosen, key, answers)


@bp.post("/undo")
def undo() -> Response:
    """Withdraw what one push has recorded, up to a minute ago."""
    user: User = current_user._get_current_object()
    key = one_time_key(request.form.get("key"))
    nos = [no[:40] for no in request.form.getlist("no")][: choosing.pasted.MOST]
    outcomes = db.write(
        lambda on: undoing.undo(
            lambda asked: heads_for(user, asked, on=on), key, nos, by=user.person_id, on=on
        )
    )
    answers = [answer_of(outcome, "withdrawn") for outcome in outcomes]
    return _page(PushForm(), Chosen([], []), key, answers, undone=True)


def answer_of(outcome: Outcome, done: str = "accepted") -> Answer:
    """Return what a row is told in words."""
    if outcome.error is not None:
        kind = "unknown" if outcome.status == 404 else "refused"
        return Answer(outcome.no, kind, None, outcome.error.message)
    pushed = outcome.pushed
    status = pushed.status if pushed else None
    if pushed and pushed.duplicate:
        return Answer(outcome.no, "duplicate", status, _l("Was already recorded; nothing changed."))
    return Answer(outcome.no, done, status, "")


def _unread(text: str) -> Answer:
    return Answer(text, "unknown", None, _l("There is no consignment with that number."))


def _page(
    form: PushForm,
    chosen: Chosen,
    key: str,
    answers: Any,
    *,
    status: int = 200,
    undone: bool = False,
) -> Response:
    counts = {kind: sum(a.kind == kind for a in answers) for kind in KINDS}
    fragment = request.headers.get("X-Fragment") is not None
    page = render_template(
        f"consignments/desk/{'_answer' if fragment else 'pushed'}.html",
        form=form,
        chosen=chosen,
        answers=answers,
        counts=counts,
        undone=undone,
        key=key,
        next_key=key if status == 422 else one_time_key(None),
        again=[a.no for a in answers if a.kind == "refused"] if answers else chosen.numbers,
    )
    return Response(page, status)


KINDS = {
    "accepted": _l("Accepted"),
    "withdrawn": _l("Withdrawn"),
    "duplicate": _l("Already recorded"),
    "refused": lazy_pgettext("push", "Refused"),
    "unknown": _l("Unknown number"),
}
