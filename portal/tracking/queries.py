"""Reading for people who are not signed in: by number, by number and proof, or by link."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import bindparam, select

from portal.accounts.access import User
from portal.consignments.models import Consignment, TrackingEvent
from portal.consignments.queries.one import consignment_for, missing
from portal.consignments.rules import expected, numbers
from portal.consignments.rules.vocabulary import Status
from portal.core import clock, i18n, scope, tokens
from portal.core.db import AnyRow, db, reading
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.prepared import Prepared
from portal.places import queries as places
from portal.tracking.models import ShareLink
from portal.tracking.rules import city_of as city_named
from portal.tracking.rules import standing

PROVEN_FOR = timedelta(minutes=30)  # then the proof must be given again
MOST_EVENTS = 1000  # of one consignment that a page shows
NOBODYS = ""  # asked for instead of a malformed number, so that every answer takes as long
_C = Consignment.__table__
_E = TrackingEvent.__table__
_L = ShareLink.__table__
_SEEN = (
    _C.c.id,
    _C.c.no,
    _C.c.status,
    _C.c.status_seq,
    _C.c.last_code,
    _C.c.last_at,
    _C.c.last_place,
    _C.c.consignor_city,
    _C.c.consignor_country,
    _C.c.consignee_city,
    _C.c.consignee_country,
    _C.c.consignee_name,
    _C.c.consignee_phone,
    _C.c.consignee_postcode,
    _C.c.piece_count,
    _C.c.ordered_at,
    _C.c.pickup_planned,
    _C.c.pickup_estimated_from,
    _C.c.pickup_estimated,
    _C.c.pickup_estimated_to,
    _C.c.pickup_actual,
    _C.c.delivery_planned,
    _C.c.delivery_estimated_from,
    _C.c.delivery_estimated,
    _C.c.delivery_estimated_to,
    _C.c.estimate_basis,
    _C.c.delivery_actual,
)
_BY_NO = Prepared(
    select(*_SEEN).where(_C.c.no == bindparam("no")).execution_options(**scope.CENTRE)
)
_BY_NOS = (
    select(*_SEEN)
    .where(_C.c.no.in_(bindparam("nos", expanding=True)))
    .execution_options(**scope.CENTRE)
)
_EVENTS = Prepared(
    select(
        _E.c.id,
        _E.c.seq,
        _E.c.code,
        _E.c.classifier,
        _E.c.occurred_at,
        _E.c.recorded_at,
        _E.c.place,
        _E.c.reason,
        _E.c.note,
        _E.c.published,
        _E.c.retracts_id,
        _E.c.piece_id,
    )
    .where(
        _E.c.consignment_id == bindparam("consignment_id"),
        _E.c.published | _E.c.retracts_id.is_not(None),
    )
    .order_by(_E.c.seq.desc())
    .limit(MOST_EVENTS)
    .execution_options(**scope.CENTRE)
)
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
    #: When the link expires or the proof must be given again; None: not by this alone.
    until: datetime | None = None


def by_number(no: str) -> AnyRow:
    """Return the consignment ``no``, of which strangers may see milestone and city.

    Raises NotFound alike for missing and malformed numbers.
    """
    found = seen(no)
    if found is None:
        raise missing()
    return found


def seen(no: str) -> AnyRow | None:
    """Return the consignment ``no`` as it is now; None where strangers see none."""
    found = _BY_NO.first(reading(), {"no": _known_shape(no)})
    return None if found is None or found.status == "draft" else found


def shown(no: str) -> Hashable:
    """Return all that strangers are shown of ``no`` at this moment, to compare; None: nothing."""
    row, now = seen(no), clock.now()
    return None if row is None else (row, expected.delivery(row, now), expected.pickup(row, now))


def by_numbers(nos: Sequence[str]) -> dict[str, AnyRow]:
    """Return number → consignment for those of ``nos`` that strangers may see."""
    rows = db.session.execute(_BY_NOS, {"nos": [_known_shape(no) for no in nos] or [NOBODYS]})
    return {row.no: row for row in rows if row.status != "draft"}


def _known_shape(no: str) -> str:
    number = numbers.normalise(no)
    return number if numbers.is_number(number) else NOBODYS


def happened(consignment: Any) -> list[Any]:
    """Return the events of a consignment that count and are published, the oldest first."""
    rows = _EVENTS.all(reading(), {"consignment_id": consignment.id})
    return standing(rows)


def city_of(consignment: Any) -> str | None:
    """Return the city in which goods are, as everybody may know it; None where none is sure.

    The consignment's own cities as they are written there, others by the gazetteer's name: what
    was written of a place may hold a street.
    """
    own = city_named(consignment.status, consignment.last_place, consignment)
    if own is not None or not consignment.last_place or consignment.status == Status.IN_TRANSIT:
        return own
    found = places.find(consignment.last_place)
    if found is None or found.is_low or found.kind not in ("city", "county"):
        return None
    return found.shown(i18n.tag())


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


def is_proven(token: str, no: str) -> bool:
    """Return whether ``token`` is a proof for the consignment ``no`` that still holds."""
    try:
        limit_s = int(PROVEN_FOR.total_seconds())
        proven = _signer().loads(token, max_age=limit_s)
    except BadData:
        return False
    return bool(proven == no)


def grant_for(token: str, no: str) -> Grant:
    """Return what ``token`` (a share link's or a proof's) opens of the consignment ``no``.

    Raises NotFound for a token that is wrong, expired, revoked or of another consignment.
    """
    number = numbers.normalise(no)
    try:
        limit_s = int(PROVEN_FOR.total_seconds())
        proven, given_at = _signer().loads(token, max_age=limit_s, return_timestamp=True)
    except BadData:
        link = link_by_token(token)
        if number and link.no != number:
            raise gone() from None
        return Grant(link.no, link.precision == "full", link.ref, link.expires_at)
    if proven != number:
        raise gone()
    return Grant(number, shows_everything=True, until=given_at + PROVEN_FOR)


def link_by_token(token: str) -> AnyRow:
    """Return the living share link of ``token``, with its consignment's number.

    Raises NotFound alike for unknown, expired and revoked links.
    """
    link = db.session.execute(_BY_LINK, {"token_hash": tokens.digest(token)}).first()
    if link is None or link.revoked_at is not None or link.expires_at <= clock.now():
        raise gone()
    return link


def gone() -> NotFound:
    """Return the one answer to every link that does not open."""
    return NotFound(
        _l("This link does not open anything (any more). Ask the sender for a new one.")
    )


def links_for(user: User, no: str) -> list[AnyRow]:
    """Return the share links of a consignment that ``user`` may see, the newest first."""
    consignment = consignment_for(user, no)
    query = select(_L).where(_L.c.consignment_id == consignment.id).order_by(_L.c.id.desc())
    scoped = query.execution_options(**scope.of(consignment.company_id))
    return list(db.session.execute(scoped))


def link_for(user: User, ref: str) -> AnyRow:
    """Return one share link of a consignment that ``user`` may see, with its number.

    Raises NotFound for another company's and for missing ones.
    """
    query = select(_L, _C.c.no).join(_C, _C.c.id == _L.c.consignment_id).where(_L.c.ref == ref)
    link = db.session.execute(query.execution_options(**scope.CENTRE)).first()
    if link is None:
        raise gone()
    consignment_for(user, link.no)
    return link
