"""The catalogue of rewards, ordering with a look before, one's own orders."""

import secrets

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.club.points.queries import balance_for
from portal.club.points.queries import rewards as queries
from portal.club.points.rules import rewards as rules
from portal.club.points.service import rewards
from portal.club.points.views.blueprint import bp
from portal.core import files
from portal.core.db import write
from portal.core.errors import NotFound, Refused
from portal.core.i18n import gettext as _
from portal.forum.views.blueprint import entered

YEAR_S = 365 * 24 * 3600


@bp.get("/rewards")
def catalogue() -> str:
    """Show what points buy."""
    user, _profile = entered()
    shown = [row for row in queries.catalogue_for(user) if row.is_shown]
    return render_template(
        "club/points/rewards.html",
        rewards=shown,
        balance=balance_for(user),
        had=queries.had_by(user),
        kinds=rules.KINDS,
    )


@bp.get("/rewards/<ref>")
def reward(ref: str) -> str:
    """Show one reward, what is left after it, and the key that orders it."""
    user, _profile = entered()
    row = queries.reward_for(user, ref)
    return render_template(
        "club/points/reward.html",
        reward=row,
        balance=balance_for(user),
        had=queries.had_by(user).get(row.id, 0),
        kinds=rules.KINDS,
        form_name=secrets.token_hex(16),
    )


@bp.post("/rewards/<ref>")
def order(ref: str) -> Answer:
    """Order one piece."""
    user, _profile = entered()
    row = queries.reward_for(user, ref)
    form_name, cost = request.form.get("form_name", ""), request.form.get("cost", 0, type=int)
    if not 16 <= len(form_name) <= 64 or not form_name.isalnum():
        raise Refused(_("Open the reward again and order it there."))
    made = write(lambda on: rewards.order(row.id, user, form_name, cost=cost, on=on))
    if made.state == "open":
        flash(_("Ordered. Somebody of the centre approves it; you see it here."), "good")
    else:
        flash(_("Ordered. It is ready for you."), "good")
    return redirect(url_for(".orders", _anchor=made.ref), 303)


@bp.get("/rewards/<ref>/picture/<key>")
def picture(ref: str, key: str) -> Response:
    """Send the picture of a reward; its address changes with it."""
    user, _profile = entered()
    row = queries.reward_for(user, ref)
    if not row.picture or row.picture != key:
        raise NotFound(_("There is no such picture."))
    answer = Response(files.read(row.picture), mimetype="image/jpeg")
    answer.headers["Cache-Control"] = f"private, max-age={YEAR_S}, immutable"
    return answer


@bp.get("/rewards/orders")
def orders() -> str:
    """Show what somebody has ordered."""
    user, _profile = entered()
    return render_template(
        "club/points/orders.html",
        page=queries.orders_of(user, after=request.args.get("after")),
        states=rules.STATES,
        pending=rules.PENDING,
    )


@bp.post("/rewards/orders/<ref>/cancel")
def cancel(ref: str) -> Answer:
    """Give an order up while it is not handed over; the points come back."""
    user, _profile = entered()
    row = queries.order_for(user, ref)
    if row.person_id != user.person_id:
        raise NotFound(_("There is no such order."))
    write(lambda on: rewards.act(row, "cancel", user, on=on))
    flash(_("Cancelled. You have your %(points)s points back.", points=row.points), "good")
    return redirect(url_for(".orders"), 303)
