"""The only doors from a request to papers: consignments to print, batches that were ordered."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, column, or_, select, table

from portal.accounts.access import User
from portal.accounts.models import Person
from portal.consignments.models import Consignment, Piece
from portal.consignments.queries import many
from portal.consignments.queries.many import Filter
from portal.consignments.queries.one import sees_all, visible_to
from portal.consignments.rules import numbers
from portal.core import pagination, scope
from portal.core.db import AnyRow, db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.pagination import Page
from portal.documents.models import PrintBatch
from portal.documents.rules import MOST, Paper

_C = Consignment.__table__
_P = Piece.__table__
_B = PrintBatch.__table__
#: Imports belong to a feature above this one; of them only these columns matter here.
_IMPORT = table("import", column("id"), column("ref"), column("company_id"))
_LIST = tuple(each for each in _B.c if each.name != "nos")


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What somebody wants papers of: numbers, or all of an import, or all that fit a filter."""

    nos: tuple[str, ...] = ()
    import_ref: str = ""
    wanted: Filter = field(default_factory=Filter)


def chosen_for(user: User, choice: Choice) -> list[tuple[str, int]]:
    """Return (number, pieces) of what ``user`` chose and may see, at most MOST + 1 of them.

    Numbers keep their order; the rest comes as the list shows it, the newest first.
    """
    query = visible_to(user, select(_C.c.no, _C.c.piece_count))
    if choice.nos:
        found = {row.no: row.piece_count for row in db.session.execute(_named(query, choice.nos))}
        return [(no, found[no]) for no in dict.fromkeys(choice.nos) if no in found]
    if choice.import_ref:
        imported = select(_IMPORT.c.id).where(
            _IMPORT.c.ref == choice.import_ref, _IMPORT.c.company_id == user.company_id
        )
        query = query.where(_C.c.import_id == imported.scalar_subquery()).order_by(_C.c.id)
    else:
        key = many.sort_key(choice.wanted)
        query = query.where(many.fits(user, choice.wanted)).order_by(key.desc(), _C.c.id.desc())
    return [(row.no, row.piece_count) for row in db.session.execute(query.limit(MOST + 1))]


def _named(query: Select[Any], nos: Sequence[str]) -> Select[Any]:
    wanted = [no for no in map(numbers.normalise, nos[: MOST + 1]) if numbers.is_number(no)]
    return query.where(_C.c.no.in_(wanted))


def papers_for(user: User, nos: Sequence[str]) -> list[tuple[AnyRow, list[AnyRow]]]:
    """Return (consignment, its pieces) for each number that ``user`` may see, in that order."""
    return _with_pieces(visible_to(user, select(_C)), nos)


def papers_of(batch: Any, nos: Sequence[str]) -> list[tuple[AnyRow, list[AnyRow]]]:
    """Return the same for a worker: limited to the company that ordered the batch, if one did."""
    query = select(_C).execution_options(**_scope(batch.company_id))
    if batch.company_id is not None:
        query = query.where(_C.c.company_id == batch.company_id)
    return _with_pieces(query, nos)


def _with_pieces(query: Select[Any], nos: Sequence[str]) -> list[tuple[AnyRow, list[AnyRow]]]:
    rows = {row.no: row for row in db.session.execute(query.where(_C.c.no.in_(nos)))}
    pieces: dict[int, list[AnyRow]] = {row.id: [] for row in rows.values()}
    found = select(_P).where(_P.c.consignment_id.in_(list(pieces))).order_by(_P.c.id)
    # Their consignments were handed out to the asker, or belong to the company of the batch.
    for piece in db.session.execute(found.execution_options(**scope.CENTRE)):
        pieces[piece.consignment_id].append(piece)
    return [(rows[no], pieces[rows[no].id]) for no in nos if no in rows]


def _scope(company_id: int | None) -> dict[str, Any]:
    return scope.CENTRE if company_id is None else scope.of(company_id)


def missing() -> NotFound:
    """Return the one answer to a missing and to a foreign batch."""
    return NotFound(_l("There are no such papers."))


def company_of(user: User) -> int | None:
    """Return for which company ``user`` prints; None: for the centre.

    Raises NotFound for somebody who may see no consignments.
    """
    if sees_all(user):
        return None
    if user.company_id is None or not user.may("consignments.see"):
        raise missing()
    return user.company_id


def batch_for(user: User, ref: str, *, lock: bool = False) -> Row[Any]:
    """Return the batch ``ref`` if ``user`` may see it: his company’s, or the centre’s own.

    Packs of the centre hold internal notes: they are for who may read those, and who ordered them.
    ``lock`` holds its row until the transaction ends. Raises NotFound alike when it is missing
    and when it is another company's.
    """
    company = company_of(user)
    query = select(_B).where(_B.c.ref == ref, *_open_to(user, company))
    query = query.execution_options(**_scope(company))
    found = db.session.execute(query.with_for_update() if lock else query).first()
    if found is None:
        raise missing()
    return found


def _open_to(user: User, company: int | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [_B.c.company_id == company]
    if company is None and not user.may("events.see_internal"):
        mine = _B.c.person_id == user.person_id
        conditions.append(or_(_B.c.paper != str(Paper.EVIDENCE), mine))
    return conditions


def batches_for(user: User, *, after: str | None = None, limit: int = 30) -> Page[Row[Any]]:
    """Return a page of the batches that ``user`` may see, the newest first."""
    company = company_of(user)
    query = (
        select(*_LIST, Person.name.label("person_name"))
        .join(Person, Person.id == _B.c.person_id)
        .where(*_open_to(user, company))
        .order_by(_B.c.id.desc())
        .limit(limit + 1)
        .execution_options(**_scope(company))
    )
    if (before := pagination.decode_number(after)) is not None:
        query = query.where(_B.c.id < before)
    rows: Sequence[AnyRow] = db.session.execute(query).all()
    return pagination.cut(rows, limit, lambda row: (row.id,))


def find_batch(batch_id: int) -> Row[Any] | None:
    """Return a batch for a worker."""
    query = select(_B).where(_B.c.id == batch_id).execution_options(**scope.CENTRE)
    return db.session.execute(query).first()
