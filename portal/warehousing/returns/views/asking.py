"""Asking for a return: from a shipped order, or by typing what shall come back."""

from portal.warehousing.returns.shown import asking
from portal.warehousing.returns.shown.asking import Answer, Asking
from portal.warehousing.returns.views.blueprint import asker, bp


@bp.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Ask for a return."""
    return asking.answer(Asking(asker(), bp.name))
