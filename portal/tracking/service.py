"""Making and ending links by which a company lets others follow one consignment."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, insert, update

from portal.accounts.access import User
from portal.consignments.events import LinkRevoked, LinkShared
from portal.core import clock, events, scope, tokens
from portal.core.db import db
from portal.core.errors import FieldError, Invalid
from portal.core.i18n import lazy as _l
from portal.tracking.models import ShareLink

SHORTEST_DAYS, LONGEST_DAYS, USUAL_DAYS = 1, 90, 14
PRECISIONS = ("full", "city")
REF_LENGTH = 12
_L = ShareLink.__table__


def share(
    consignment: Any, *, label: str | None, precision: str, days: int, by: User
) -> tuple[str, str]:
    """Make a link to ``consignment`` and return its reference and its token.

    The token is nowhere kept and cannot be shown again. Raises Invalid for a precision or a
    number of days that there is not. Records LinkShared.
    """
    _check(precision, days)
    token, at = tokens.new(), clock.now()
    ref = tokens.new()[:REF_LENGTH]
    row = {
        "ref": ref,
        "token_hash": tokens.digest(token),
        "company_id": consignment.company_id,
        "consignment_id": consignment.id,
        "label": label or None,
        "precision": precision,
        "created_by_id": by.person_id,
        "created_at": at,
        "expires_at": at + timedelta(days=days),
        "opened_count": 0,
    }
    db.session.execute(insert(_L), row)
    events.record(LinkShared(**_about(consignment.no, consignment.company_id, ref, by)))
    return ref, token


def _check(precision: str, days: int) -> None:
    wrong = []
    if precision not in PRECISIONS:
        wrong.append(FieldError("precision", _l("Choose what the link shows.")))
    if not SHORTEST_DAYS <= days <= LONGEST_DAYS:
        wrong.append(FieldError("days", _l("A link lasts 1 to 90 days.")))
    if wrong:
        raise Invalid(_l("Please check what you entered"), wrong)


def revoke(link: Any, *, by: User) -> None:
    """End ``link`` now (a row of ``queries.link_for``); one that is ended already stays so.

    Records LinkRevoked, which cuts the sockets that follow by it.
    """
    ended = (
        update(_L)
        .where(_L.c.id == link.id, _L.c.revoked_at.is_(None))
        .values(revoked_at=clock.now())
        .returning(_L.c.id)
        .execution_options(**scope.of(link.company_id))
    )
    if db.session.execute(ended).first() is not None:
        events.record(LinkRevoked(**_about(link.no, link.company_id, link.ref, by)))


def _about(no: str, company_id: int, ref: str, by: User) -> dict[str, Any]:
    return {"actor_id": by.person_id, "company_id": company_id, "no": no, "link_ref": ref}


def count_opening(link_id: int, *, on: Connection) -> None:
    """Count that a link was opened now."""
    counted = (
        update(_L)
        .where(_L.c.id == link_id)
        .values(opened_count=_L.c.opened_count + 1, opened_at=clock.now())
        .execution_options(**scope.CENTRE)
    )
    on.execute(counted)
