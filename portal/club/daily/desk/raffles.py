"""Raffles at the desk: made, published, cancelled, prizes handed over."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.club.daily.desk.blueprint import bp
from portal.club.daily.forms import RaffleForm, raffle_values
from portal.club.daily.queries import raffles as queries
from portal.club.daily.rules import raffles as rules
from portal.club.daily.service import raffles
from portal.core import clock, i18n
from portal.core.db import write
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.forum.views.blueprint import reader

Page = str | Answer | tuple[str, int]


@bp.route("/raffles/new", methods=["GET", "POST"])
def new_raffle() -> Page:
    """Make a raffle."""
    form = RaffleForm(request.form or None, cost=10, most=5, places=1)
    if request.method == "POST" and form.validate():
        user = reader()
        try:
            ref = write(lambda on: raffles.make(form.said(i18n.zone()), user, on=on))
            flash(_("The raffle is kept as a draft. Publish it before it begins."), "good")
            return redirect(url_for(".raffle", ref=ref), 303)
        except PortalError as refusal:
            form.form_errors.append(str(refusal))
    return _page(form, None)


@bp.route("/raffles/<ref>", methods=["GET", "POST"])
def raffle(ref: str) -> Page:
    """Change a draft; publish, cancel, hand prizes over."""
    user = reader()
    row = queries.raffle_for(user, ref)
    form = RaffleForm(request.form or None, data=raffle_values(row, i18n.zone()))
    if request.method == "POST" and form.validate():
        said, base = form.said(i18n.zone()), form.base.data or 0
        try:
            write(lambda on: raffles.edit(ref, said, user, base=base, on=on))
            flash(_("The raffle is kept."), "good")
            return redirect(url_for(".raffle", ref=ref), 303)
        except PortalError as refusal:
            form.form_errors.append(str(refusal))
    return _page(form, row)


def _page(form: RaffleForm, row: Any) -> Page:
    page = render_template(
        "club/daily/desk/raffle.html",
        form=form,
        raffle=row,
        winners=queries.winners_of(reader(), row.id) if row else [],
        people=queries.people_in(row.id) if row else 0,
        states=rules.STATES,
        zone=i18n.zone().key,
        is_over=bool(row and row.closes_at <= clock.now()),
    )
    return (page, 422) if form.errors or form.form_errors else page


@bp.post("/raffles/<ref>/publish")
def publish(ref: str) -> Answer:
    """Publish a raffle with the commitment to its seed."""
    user = reader()
    queries.raffle_for(user, ref)
    write(lambda on: raffles.publish(ref, user, on=on))
    flash(_("Published, with the fingerprint of the seed."), "good")
    return redirect(url_for(".raffle", ref=ref), 303)


@bp.post("/raffles/<ref>/cancel")
def cancel(ref: str) -> Answer:
    """Cancel a raffle; points come back at once, of very many tickets within minutes."""
    user = reader()
    queries.raffle_for(user, ref)
    reason = " ".join(request.form.get("reason", "").split())[: rules.REASON_MAX] or None
    write(lambda on: raffles.cancel(ref, reason, user, on=on))
    write(lambda on: raffles.give_back(on=on))
    flash(_("Cancelled. The points of all tickets go back."), "good")
    return redirect(url_for(".raffle", ref=ref), 303)


@bp.post("/raffles/<ref>/places/<int:place>")
def hand_over(ref: str, place: int) -> Answer:
    """Note that a prize was handed over."""
    user = reader()
    queries.raffle_for(user, ref)
    write(lambda on: raffles.hand_over(ref, place, user, on=on))
    flash(_("Handed over."), "good")
    return redirect(url_for(".raffle", ref=ref), 303)
