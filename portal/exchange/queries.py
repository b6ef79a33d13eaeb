"""Imports: the only doors from a request to one, and what a page shows of it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from portal.accounts.access import User
from portal.accounts.company_queries import find_company
from portal.accounts.models import Company, Person
from portal.consignments.models import Consignment
from portal.core import pagination, scope
from portal.core.db import AnyRow, db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.pagination import Page
from portal.exchange.models import Import

_I = Import.__table__
_C = Consignment.__table__
_LIST = (
    _I.c.id,
    _I.c.ref,
    _I.c.name,
    _I.c.kind,
    _I.c.state,
    _I.c.rows,
    _I.c.consignments,
    _I.c.created,
    _I.c.existing,
    _I.c.bad,
    _I.c.created_at,
    Person.name.label("person_name"),
)


def missing() -> NotFound:
    """Return the one answer to a missing and to a foreign import."""
    return NotFound(_l("There is no import with that number."))


def import_for(user: User, ref: str, *, lock: bool = False) -> Row[Any]:
    """Return the import ``ref`` if ``user`` may see it.

    ``lock`` holds its row until the transaction ends; pass it before changing it.
    Raises NotFound alike when it is missing and when it is another company's.
    """
    if user.company_id is None or not user.may("consignments.import"):
        raise missing()
    query = select(_I).where(_I.c.ref == ref, _I.c.company_id == user.company_id)
    query = query.execution_options(**scope.of(user.company_id))
    found = db.session.execute(query.with_for_update() if lock else query).first()
    if found is None:
        raise missing()
    return found


def imports_for(user: User, *, after: str | None = None, limit: int = 50) -> Page[Row[Any]]:
    """Return a page of the company's imports, the newest first.

    Raises NotFound for somebody who may see none, Invalid for a cursor that is not ours.
    """
    if user.company_id is None or not user.may("consignments.import"):
        raise missing()
    query = (
        select(*_LIST)
        .outerjoin(Person, Person.id == _I.c.person_id)
        .where(_I.c.company_id == user.company_id)
        .order_by(_I.c.id.desc())
        .limit(limit + 1)
        .execution_options(**scope.of(user.company_id))
    )
    if (before := pagination.decode_number(after)) is not None:
        query = query.where(_I.c.id < before)
    rows: Sequence[AnyRow] = db.session.execute(query).all()
    return pagination.cut(rows, limit, lambda row: (row.id,))


def find_import(import_id: int, company_id: int) -> Row[Any] | None:
    """Return an import for a worker."""
    query = select(_I).where(_I.c.id == import_id, _I.c.company_id == company_id)
    return db.session.execute(query.execution_options(**scope.of(company_id))).first()


def created_by(row: Row[Any], limit: int) -> Sequence[AnyRow]:
    """Return the latest consignments that an import has made."""
    query = (
        select(_C.c.no, _C.c.order_ref, _C.c.status, _C.c.consignee_name, _C.c.consignee_city,
               _C.c.consignee_country)
        .where(_C.c.company_id == row.company_id, _C.c.import_id == row.id)
        .order_by(_C.c.id.desc())
        .limit(limit)
    )  # fmt: skip
    found = db.session.execute(query.execution_options(**scope.of(row.company_id)))
    return found.all()


def made_of(row: Row[Any], refs: Sequence[str]) -> dict[str, tuple[str, bool]]:
    """Return order number → (consignment number, whether this import made it)."""
    query = select(_C.c.order_ref, _C.c.no, _C.c.import_id).where(
        _C.c.company_id == row.company_id, _C.c.order_ref.in_(refs)
    )
    found = db.session.execute(query.execution_options(**scope.of(row.company_id)))
    return {each.order_ref: (each.no, each.import_id == row.id) for each in found}


def company_by_ref(ref: str) -> Company:
    """Return a company for a command.

    Raises NotFound if there is none.
    """
    found = find_company(ref)
    if found is None:
        raise NotFound(_l("There is no company with that reference."))
    return found


def find_company_id(ref: str) -> int | None:
    """Return the id of a company by its reference; one merged since leads to the other."""
    found = find_company(ref)
    return None if found is None else found.id
