"""Proofs: who knows the end of the consignee's phone sees more, for a while, of that number."""

from typing import Any

from flask import Response, current_app, request
from limits import parse

from portal.core import limits
from portal.core.errors import TooMany
from portal.core.i18n import lazy as _l
from portal.tracking import queries

COOKIE = "proof"
#: Four digits are soon guessed: tries at one number from one address, and from everywhere.
TRIES_HERE = parse("6/10 minute")
TRIES_ALL = parse("30/hour")


def check(consignment: Any, tail: str) -> bool:
    """Return whether ``tail`` proves the asker for ``consignment``.

    Raises TooMany once this number was tried too often.
    """
    _try(consignment.no)
    return queries.is_proof(consignment, tail[:20])


def _try(no: str) -> None:
    strategy = current_app.extensions["limits"]
    here = strategy.hit(TRIES_HERE, "proof", no, limits.address())
    if not here or not strategy.hit(TRIES_ALL, "proof", no):
        raise TooMany(_l("That was tried too often. Please wait ten minutes and try again."))


def give(answer: Response, no: str) -> Response:
    """Let the browser keep the proof, for this number's pages only."""
    answer.set_cookie(
        COOKIE,
        queries.proof_token(no),
        max_age=int(queries.PROVEN_FOR.total_seconds()),
        path=f"/track/{no}",
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )
    return answer


def take(answer: Response, no: str) -> Response:
    """Let the browser forget the proof of this number."""
    answer.delete_cookie(COOKIE, path=f"/track/{no}")
    return answer


def held(no: str) -> str | None:
    """Return the browser's proof for ``no`` if it still holds."""
    token = request.cookies.get(COOKIE, "")
    return token if token and queries.is_proven(token, no) else None
