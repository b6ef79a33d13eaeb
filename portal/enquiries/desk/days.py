"""The days on which the centre is closed, or works although the week says otherwise."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.core import clock, working
from portal.core.db import db, transaction
from portal.core.errors import Invalid, NotFound
from portal.core.i18n import gettext as _
from portal.enquiries.desk.blueprint import asker
from portal.enquiries.forms import WORKS_LIKE, ClosedDayForm
from portal.enquiries.service import closing
from portal.enquiries.shown.hours import week
from portal.enquiries.shown.sending import wrong

bp = Blueprint("closed_days", __name__)


@bp.route("", methods=["GET", "POST"])
def index() -> Answer | str | tuple[str, int]:
    """Show the calendar and take another day into it."""
    form = ClosedDayForm(request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate() and _enter(form):
        flash(_("Entered. Every clock that runs was set anew."), "good")
        return redirect(url_for(".index"))
    today = clock.now().astimezone(clock.zone()).date()
    page = render_template(
        "enquiries/desk/days.html",
        form=form,
        days=working.closed_days(today),
        week=week(),
        like={int(k): v for k, v in WORKS_LIKE if k},
    )
    return (page, 422) if request.method == "POST" else page


def _enter(form: ClosedDayForm) -> bool:
    like = int(form.works_like.data) if form.works_like.data else None
    day = form.on.data
    if day is None:
        return False
    try:
        with transaction():
            closing.enter(day, form.name.data, like, by=asker(), on=db.session.connection())
    except Invalid as refusal:
        wrong(form, refusal)
        return False
    return True


@bp.post("/<day>/remove")
def remove(day: str) -> Answer:
    """Take a day out of the calendar."""
    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        raise NotFound(_("This day is not entered.")) from None
    with transaction():
        closing.take_out(wanted, by=asker(), on=db.session.connection())
    flash(_("Taken out. Every clock that runs was set anew."), "good")
    return redirect(url_for(".index"))
