"""Rewards at the desk: what waits, the catalogue, what was ordered before."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as Answer

from portal.accounts.access import User
from portal.club.points.forms import TONGUES, RewardForm
from portal.club.points.queries import rewards as queries
from portal.club.points.rules import rewards as rules
from portal.club.points.service import rewards
from portal.core import files
from portal.core.db import write
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _

bp = Blueprint("rewards_desk", __name__)
Page = str | Answer | tuple[str, int]


def _desk() -> User:
    user: User = current_user._get_current_object()
    return user


@bp.get("")
def index() -> str:
    """Show what waits to be approved or handed over, and the catalogue."""
    user = _desk()
    return render_template(
        "club/points/desk/index.html",
        pending=queries.pending_for(user),
        rewards=queries.catalogue_for(user),
        states=rules.STATES,
        kinds=rules.KINDS,
    )


@bp.get("/orders")
def orders() -> str:
    """Show all orders, or those in a state."""
    state = request.args.get("state", "")
    state = state if state in rules.STATES else ""
    return render_template(
        "club/points/desk/orders.html",
        page=queries.orders_for(_desk(), state, after=request.args.get("after")),
        states=rules.STATES,
        chosen=state,
    )


@bp.post("/orders/<ref>")
def decide(ref: str) -> Answer:
    """Approve an order, refuse it with a reason, or note that it was handed over."""
    user, kind = _desk(), request.form.get("act", "")
    row = queries.order_for(user, ref)
    rules.check_desk(kind, row.person_id, user.person_id)
    reason = " ".join(request.form.get("reason", "").split())[: rules.REASON_MAX] or None
    write(lambda on: rewards.act(row, kind, user, reason=reason, on=on))
    said = {
        "approve": _("Approved. Hand it over and note that here."),
        "refuse": _("Refused. The points are back with who ordered it."),
        "hand": _("Handed over."),
    }
    flash(said[kind], "good")
    return redirect(url_for(".index"), 303)


@bp.route("/new", methods=["GET", "POST"])
def new() -> Page:
    """Put a reward into the catalogue."""
    form = RewardForm(request.form or None, needs_approval=True, is_shown=True)
    if request.method == "POST" and form.validate() and _kept(form, None):
        return redirect(url_for(".index"), 303)
    return _page(form, None)


@bp.route("/<ref>", methods=["GET", "POST"])
def edit(ref: str) -> Page:
    """Change a reward: what it says, costs, how many there are."""
    row = queries.reward_for(_desk(), ref)
    form = RewardForm(request.form or None, data=_of(row))
    if request.method == "POST" and form.validate() and _kept(form, row):
        return redirect(url_for(".index"), 303)
    return _page(form, row)


def _of(row: Any) -> dict[str, Any]:
    names = {f"name_{end}": row.names.get(tag, "") for tag, end in TONGUES.items()}
    abouts = {f"about_{end}": row.abouts.get(tag, "") for tag, end in TONGUES.items()}
    same = ("kind", "cost", "stock", "per_person", "needs_approval", "is_shown")
    plain = {name: getattr(row, name) for name in same}
    return {**names, **abouts, **plain, "base": row.version, "shown_stock": row.stock}


def _page(form: RewardForm, row: Any) -> Page:
    page = render_template("club/points/desk/reward.html", form=form, reward=row)
    return (page, 422) if form.errors or form.form_errors else page


def _kept(form: RewardForm, row: Any) -> bool:
    """Keep what was typed; return False, with the reason in the form, where it is refused."""
    user, old = _desk(), None if row is None else row.picture
    try:
        said = form.said(_picture(old))
        if row is None:
            write(lambda on: rewards.make(said, user, on=on))
        else:
            seen = {"base": form.base.data or 0, "shown_stock": form.shown_stock.data}
            write(lambda on: rewards.edit(row.id, said, user, on=on, **seen))
    except PortalError as refusal:
        form.form_errors.append(str(refusal))
        return False
    if old and said.picture != old:
        files.forget(old)
    flash(_("The reward is kept."), "good")
    return True


def _picture(old: str | None) -> str | None:
    sent = request.files.get("picture")
    if sent is not None and sent.filename:
        return files.keep_picture(sent.read()).key
    return None if request.form.get("no_picture") else old
