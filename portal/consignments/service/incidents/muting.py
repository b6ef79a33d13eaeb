"""Stopping the mails about incidents, with one click from a mail, and having them again."""

from sqlalchemy import delete, insert, select

from portal.accounts.models import Company, Membership, Person
from portal.consignments.models import IncidentMute
from portal.core import clock, scope, tokens
from portal.core.db import AnyRow, db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l

_M = IncidentMute.__table__
_PURPOSE = "incident mail"


def token(person_id: int, company_id: int) -> str:
    """Return what a mail's link carries: whom it was for; good for this switch alone."""
    return tokens.signed([person_id, company_id], _PURPOSE)


def reader_of(text: str) -> AnyRow:
    """Return whom a mail was for: ids, name, the company's name, and whether he is ``muted``.

    Raises NotFound for a token that is not ours, or somebody who left the company.
    """
    ids = tokens.read_signed(text, _PURPOSE)
    if ids is None:
        raise _gone()
    return reader(*ids)


def reader(person_id: int, company_id: int) -> AnyRow:
    """Return a colleague as a reader of these mails, and whether he is ``muted``.

    Raises NotFound for somebody who does not work for the company.
    """
    muted = select(_M.c.person_id).where(_M.c.company_id == company_id, _M.c.person_id == person_id)
    query = (
        select(
            Person.id,
            Person.email,
            Person.locale,
            Company.id.label("company_id"),
            Company.name.label("company_name"),
            muted.exists().label("muted"),
        )
        .join(Membership, Membership.person_id == Person.id)
        .join(Company, Company.id == Membership.company_id)
        .where(Person.id == person_id, Company.id == company_id)
    )
    found = db.session.execute(query.execution_options(**scope.of(company_id))).first()
    if found is None:
        raise _gone()
    return found


def set_muted(reader: AnyRow, *, muted: bool) -> None:
    """Stop the mails of a reader, or let them come again; done twice it is done once."""
    mine = (_M.c.company_id == reader.company_id) & (_M.c.person_id == reader.id)
    own = scope.of(reader.company_id)
    db.session.execute(delete(_M).where(mine).execution_options(**own))
    if muted:
        row = {"company_id": reader.company_id, "person_id": reader.id, "created_at": clock.now()}
        db.session.execute(insert(_M).values(row))


def _gone() -> NotFound:
    return NotFound(_l("This link is not one of ours, or you no longer work for that company."))
