"""Companies that are nearly the same, and all that they have, for the tests of the register."""

from typing import Any

from sqlalchemy import select

from portal.accounts.models import Company
from portal.accounts.roles import MEMBER_ROLES
from portal.accounts.service import colleagues, keys, merging, register
from portal.accounts.service.colleagues import Inviter
from portal.consignments import fulltext
from portal.consignments.service import recount
from portal.core import jobs, scope
from portal.core.db import Base, db, transaction
from tests.factories import make_person

#: Tables that tell what was done, or that others fill by themselves.
LEDGERS = frozenset(
    {"event", "log_head", "company_merge", "merge_move", "job", "sign_in", "stream_entry"}
)
#: Columns that a merge changes for good: that it was done is no secret.
MOVED_ON = {"consignment": ("changed_at",)}


def make_staff(role: str = "manager", **values: Any) -> Any:
    """Make somebody of the centre who looks after the register."""
    return make_person(staff_role=role, **values)


def company(ref: str) -> Company:
    """Return a company as it is now."""
    return db.session.scalars(
        select(Company).where(Company.ref == ref).execution_options(populate_existing=True)
    ).one()


def merge(gone: Company, kept: Company, by: Any, *, taken: tuple[str, ...] = ()) -> str:
    """Make ``gone`` a part of ``kept``, having read what both have; return its reference."""
    with transaction():
        return merging.merge(
            company(gone.ref),
            company(kept.ref),
            taken=frozenset(taken),
            consented=True,
            by=by.id,
        ).ref


def undo(ref: str, by: Any) -> None:
    """Make two companies of one again."""
    with transaction():
        merging.undo(merging.merge_of(ref, lock=True), by=by.id)


def work() -> None:
    """Carry out the jobs that are owed."""
    while jobs.run_once():
        pass


def note(about: Company, text: str, by: Any) -> str:
    """Write a note; return its reference."""
    with transaction():
        return register.write_note(about, text, by=by.id).ref


def invite(into: Company, email: str, by: Any) -> None:
    """Invite somebody who has not answered yet."""
    with transaction():
        by_owner = Inviter(person_id=by.id, name=by.name, rights=MEMBER_ROLES["owner"])
        colleagues.invite(into, email, "viewer", by=by_owner)


def key(person: Any, of: Company) -> None:
    """Make a key for programs."""
    with transaction():
        keys.create_key(person, of, label="erp", scopes=("consignments.see",))


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Return table → its rows, in order; counts of nothing are no counts."""
    db.session.rollback()
    found = {}
    for table in Base.metadata.sorted_tables:
        if table.name in LEDGERS:
            continue
        left_out = MOVED_ON.get(table.name, ())
        columns = [column for column in table.columns if column.name not in left_out]
        rows = db.session.execute(select(*columns).execution_options(**scope.CENTRE)).all()
        if table in recount.TABLES:
            amounts = [column.name for column in columns if not column.primary_key]
            rows = [row for row in rows if any(row._mapping[name] for name in amounts)]
        found[table.name] = sorted(tuple(map(repr, row)) for row in rows)
    db.session.rollback()
    return found


def findable(words: str, owner: int | None) -> list[int]:
    """Return the ids of the consignments that words find among an owner's."""
    hits = fulltext.INDEX.matching(words, owner=owner, on=db.session.connection())
    return [] if hits is None else list(db.session.execute(hits).scalars())
