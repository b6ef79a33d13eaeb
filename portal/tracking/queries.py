"""Reading for people who are not signed in: by number, by number and proof, or by link."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import Row, bindparam, select

from portal.accounts.access import User
from portal.consignments.models import Consignment
from portal.consignments.queries.one import consignment_for, missing
from portal.consignments.rules import numbers
from portal.core import clock, scope, tokens
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.tracking.models import ShareLink

PROVEN_FOR = timedelta(minutes=30)  # then the proof must be given again
_C = Consignment.__table__
_L = ShareLink.__table__
_BY_NO = select(_C).where(_C.c.no == bindparam("no")).execution_options(**scope.CENTRE)
_BY_LINK = (
    select(_L, _C.c.no)
    .join(_C, _C.c.id == _L.c.consignment_id)
    .where(_L.c.token_hash == bindparam("token_hash"))
    .execution_options(**scope.CENTRE)
)


@dataclass(frozen=True)
class Grant:
    """What somebody without a sign-in may see of one consignment."""

    no: str
    shows_everything: bool
    link_ref: str | None = None


def by_number(no: str) -> Row[Any]:
    """Return the consignment ``no``, of which strangers may see milestone and city.

    Raises NotFound alike for missing and malformed numbers.
    """
    number = numbers.normalise(no)
    if not numbers.is_number(number):
        raise missing()
    found = db.session.execute(_BY_NO, {"no": number}).first()
    if found is None or found.status == "draft":
        raise missing()
    return found


def is_proof(consignment: Any, tail: str) -> bool:
    """Return whether ``tail`` is the end of the consignee's phone or his postcode."""
    given = "".join(c for c in tail if c.isalnum()).upper()
    phone = "".join(c for c in consignment.consignee_phone or "" if c.isdigit())
    postcode = "".join(c for c in consignment.consignee_postcode or "" if c.isalnum()).upper()
    by_phone = len(given) == 4 and given.isdigit() and phone.endswith(given) and len(phone) >= 7
    return by_phone or (len(given) >= 4 and given == postcode)


def proof_token(no: str) -> str:
    """Return a token that says for PROVEN_FOR that its holder has proven himself for ``no``."""
    return str(_signer().dumps(no))


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="tracking-proof")


def grant_for(token: str, no: str) -> Grant:
    """Return what ``token`` (a share link's or a proof's) opens of the consignment ``no``.

    Raises NotFound for a token that is wrong, expired, revoked or of another consignment.
    """
    number = numbers.normalise(no)
    try:
        proven = _signer().loads(token, max_age=PROVEN_FOR.total_seconds())
    except BadData:
        link = link_by_token(token)
        if number and link.no != number:
            raise gone() from None
        return Grant(link.no, link.precision == "full", link.ref)
    if proven != number:
        raise gone()
    return Grant(number, shows_everything=True)


def link_by_token(token: str) -> Row[Any]:
    """Return the living share link of ``token``, with its consignment's number.

    Raises NotFound alike for unknown, expired and revoked links.
    """
    link = db.session.execute(_BY_LINK, {"token_hash": tokens.digest(token)}).first()
    if link is None or link.revoked_at is not None or link.expires_at <= clock.now():
        raise gone()
    return link


def gone() -> NotFound:
    """Return the one answer to every link that does not open."""
    return NotFound(_l("This link does not open anything (any more). Ask the sender for a new one."))


def links_for(user: User, no: str) -> list[Row[Any]]:
    """Return the share links of a consignment that ``user`` may see, the newest first."""
    consignment = consignment_for(user, no)
    query = select(_L).where(_L.c.consignment_id == consignment.id).order_by(_L.c.id.desc())
    scoped = query.execution_options(**scope.of(consignment.company_id))
    return list(db.session.execute(scoped))


def link_for(user: User, ref: str) -> Row[Any]:
    """Return one share link of a consignment that ``user`` may see, with its number.

    Raises NotFound for another company's and for missing ones.
    """
    query = select(_L, _C.c.no).join(_C, _C.c.id == _L.c.consignment_id).where(_L.c.ref == ref)
    link = db.session.execute(query.execution_options(**scope.CENTRE)).first()
    if link is None:
        raise gone()
    consignment_for(user, link.no)
    return link
