"""Proofs: who knows the end of the consignee's phone sees more, for a while, of that number."""

from typing import Any

from flask import Response, current_app, request
from limits import parse

from portal.core import limits
from portal.core.errors import TooMany
from portal.core.i18n import is_secure
from portal.core.i18n import lazy as _l
from portal.tracking import queries

COOKIE = "proof"
#: Four digits are soon guessed: tries at one number from one address, and from everywhere.
TRIES_HERE = parse("6/10 minute")
TRIES_ALL = parse("30/hour")
LONGEST = 20  # characters of a proof that are read


def check(consignment: Any, tail: str) -> bool:
    """Return whether ``tail`` proves the asker for ``consignment``; wrong tries are counted.

    Raises TooMany once this number was tried wrongly too often, even if ``tail`` is right.
    """
    strategy, no = current_app.extensions["limits"], consignment.no
    here = (TRIES_HERE, "proof", no, limits.address())
    everywhere = (TRIES_ALL, "proof", no)
    if not (strategy.test(*here) and strategy.test(*everywhere)):
        raise TooMany(_l("That was tried too often. Please wait ten minutes and try again."))
    if queries.is_proof(consignment, tail[:LONGEST]):
        return True
    strategy.hit(*here)
    strategy.hit(*everywhere)
    return False


def give(answer: Response, no: str) -> Response:
    """Let the browser keep the proof, for this number's pages only."""
    answer.set_cookie(
        COOKIE,
        queries.proof_token(no),
        max_age=int(queries.PROVEN_FOR.total_seconds()),
        path=f"/track/{no}",
        secure=is_secure(),
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
