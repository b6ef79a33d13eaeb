"""The guard of company scoping: no way of writing a statement leads past it."""

import pytest
from sqlalchemy import bindparam, exists, insert, select, union_all

from portal.consignments.models import Consignment
from portal.core import scope
from portal.core.db import db
from portal.core.prepared import Prepared
from portal.core.scope import Unscoped
from portal.documents.models import PrintBatch

_C = Consignment.__table__
_ALL = select(_C.c.no)
STATEMENTS = {
    "select": _ALL,
    "union": union_all(_ALL, _ALL),
    "union of subqueries": union_all(
        select(_ALL.subquery().c.no), select(_ALL.where(_C.c.id > 1).subquery().c.no)
    ),
    "within": select(_ALL.subquery().c.no),
    "first": select(exists(_ALL)),
    "with": select(_ALL.cte().c.no),
    "inserted": insert(PrintBatch.__table__).from_select(["ref"], _ALL),
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_whatever_reads_members_rows_must_say_on_whose_behalf(app, name):
    with pytest.raises(Unscoped):
        db.session.execute(STATEMENTS[name])
    with pytest.raises(Unscoped):
        Prepared(STATEMENTS[name])


def test_a_statement_bound_to_a_company_finds_nothing_without_one(app):
    limited = _ALL.where(_C.c.company_id == bindparam("company"))
    bound = Prepared(limited.execution_options(**scope.BOUND))
    assert list(bound.all(db.session.connection(), {"company": None})) == []
    with pytest.raises(Unscoped):
        Prepared(_ALL.where(_C.c.no == bindparam("no")).execution_options(**scope.BOUND))
    with pytest.raises(Unscoped):
        Prepared(_ALL.where(_C.c.no == bindparam("company")).execution_options(**scope.BOUND))
