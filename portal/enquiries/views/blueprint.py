"""The public part: the board and the call-backs."""

from typing import Any

from flask import Blueprint

from portal.enquiries.shown.sending import refuse_foreign

bp = Blueprint("messages", __name__)
bp.before_request(refuse_foreign)


@bp.record_once
def _forms_need_no_session(state: Any) -> None:
    """Take this part's forms out of the session's token: nobody is known here by his cookie."""
    state.app.extensions["csrf"].exempt(bp)
