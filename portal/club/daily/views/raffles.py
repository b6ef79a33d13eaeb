"""Raffles for members: what can be won, tickets, the list, how it was drawn."""

import secrets
from datetime import timedelta
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response as Answer

from portal.accounts.access import User
from portal.club.daily import forms
from portal.club.daily.queries import raffles as queries
from portal.club.daily.queries import visits as seen
from portal.club.daily.rules import raffles as rules
from portal.club.daily.service import tickets
from portal.club.daily.views.blueprint import bp
from portal.club.points.queries import balance_for
from portal.core import clock, limits
from portal.core.db import end_reading, write
from portal.core.errors import NotFound, Refused
from portal.core.i18n import gettext as _
from portal.forum.views.blueprint import check_voice, entered


@bp.get("/raffles")
def raffles() -> str:
    """Show the raffles that run and those that are over."""
    user, _profile = entered()
    return render_template(
        "club/daily/raffles.html",
        running=queries.running_for(user),
        ended=queries.ended_for(user, after=request.args.get("after")),
    )


@bp.get("/raffles/<ref>")
def raffle(ref: str) -> str:
    """Show one raffle and all that one needs to draw it again."""
    user, _profile = entered()
    row = queries.raffle_for(user, ref)
    winners = queries.winners_of(user, row.id) if row.state == "drawn" else []
    return render_template(
        "club/daily/raffle.html",
        winners=winners,
        form_name=secrets.token_hex(16),
        balance=balance_for(user),
        has_free=_has_free(user, row),
        most=min(rules.TAKEN_AT_ONCE, row.most),
        **_odds(user, row),
    )


def _odds(user: User, row: Any) -> dict[str, Any]:
    """Return what the part of the page shows that changes while tickets are taken."""
    pseudonym, numbers = queries.own_numbers(user, row.id)
    return {
        "raffle": row,
        "now_at": clock.now(),
        "pseudonym": pseudonym,
        "numbers": numbers,
        "people": queries.people_in(row.id),
        "odds": rules.odds(len(numbers), row.tickets, row.places),
    }


def _has_free(user: User, row: Any) -> bool:
    """Return whether the free ticket of this week is still to be had."""
    if row.cost:
        return False
    standing = seen.standing_of(user)
    today = standing.today
    last = standing.row.last_on if standing.row else None
    has_visited = last is not None and last >= today - timedelta(days=today.weekday())
    return has_visited and not queries.has_taken_in(user, row.id, tickets.week_of(today))


@bp.get("/raffles/<ref>/odds")
def odds(ref: str) -> str:
    """Show how many tickets are taken now."""
    user, _profile = entered()
    return render_template("club/daily/_odds.html", **_odds(user, queries.raffle_for(user, ref)))


@bp.post("/raffles/<ref>")
def take(ref: str) -> Answer:
    """Take tickets."""
    user, _profile = entered()
    check_voice(user)
    limits.spend("daily", user.person_id)
    row = queries.raffle_for(user, ref)
    count, cost = request.form.get("count", type=int), request.form.get("cost", type=int)
    wish = forms.wish(count, cost, request.form.get("form_name", ""))
    if wish is None:
        raise Refused(_("Open the raffle again and take your tickets there."))
    end_reading()
    made = write(lambda on: tickets.take(user, row.ref, wish, on=on))
    text = ngettext("%(num)d ticket is yours.", "%(num)d tickets are yours.", made.tickets)
    flash(text, "good")
    return redirect(url_for(".raffle", ref=ref), 303)


@bp.get("/raffles/<ref>/tickets.txt")
def listed(ref: str) -> Response:
    """Send the list of tickets: the very bytes that the digest is made of."""
    user, _profile = entered()
    row = queries.raffle_for(user, ref)
    if row.published_at is None:
        raise NotFound(_("There is no such raffle."))
    text = rules.listed(queries.tickets_of(row.id))
    answer = Response(text, mimetype="text/plain")
    name = f"{row.ref}-tickets.txt"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
