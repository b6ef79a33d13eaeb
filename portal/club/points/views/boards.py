"""Boards of people and companies; leaving them."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.club.points.queries import boards as queries
from portal.club.points.queries import own
from portal.club.points.service import boards
from portal.club.points.views.blueprint import bp
from portal.core.db import write
from portal.core.i18n import gettext as _
from portal.forum.views.blueprint import entered


@bp.get("/points/board")
def board() -> str:
    """Show who earned most in the month, the year, or ever."""
    user, _profile = entered()
    kind, length = request.args.get("of", "person"), request.args.get("in", "month")
    kind = kind if kind in queries.KINDS else "person"
    length = length if length in queries.LENGTHS else "month"
    period = queries.period_of(length)
    return render_template(
        "club/points/board.html",
        board=queries.board_for(user, kind, period, after=request.args.get("after")),
        kind=kind,
        length=length,
        period=period,
        account=own.account_for(user),
        counted=queries.COUNTED,
    )


@bp.post("/points/board")
def leave() -> Answer:
    """Leave all boards, or join them again."""
    user, _profile = entered()
    hidden = request.form.get("shown") != "1"
    write(lambda on: boards.set_hidden(user.person_id, hidden, on=on))
    if hidden:
        flash(_("You are on no board any more. Your points stay as they are."), "good")
    else:
        flash(_("You are on the boards again."), "good")
    return redirect(url_for(".board"), 303)
