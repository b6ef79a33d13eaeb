"""Making two companies one, and two again.

The company that goes is closed at once: nobody works for it any more, by browser or by key. Its
rows move BATCH by BATCH, in one transaction where they are few, else by a job. What moved is
kept row by row, so that undoing moves back exactly this; what came later stays where it came.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select, update

from portal.accounts import merging
from portal.accounts.events import (
    ApiKeyRevoked,
    CompaniesMerged,
    MergeBegun,
    MergeUndone,
    RoleChanged,
    SignedOut,
)
from portal.accounts.models import ApiKey, Company, CompanyMerge, Membership, MergeMove, SignIn
from portal.accounts.rules import merging as rules
from portal.accounts.service.companies import change_company, new_ref
from portal.core import clock, events, jobs, scope
from portal.core.db import db, transaction
from portal.core.errors import NotFound, Refused
from portal.core.i18n import lazy as _l

JOB = "company_merge"
BATCH = 200  # rows in one transaction: others wait meanwhile
#: From so many rows on they move beside the request.
MANY = 1000
UNDO_WITHIN = timedelta(days=30)
_ENDED_KEYS = "ended keys"  # stands in the place of a part


def clashes(gone: Company, kept: Company) -> list[merging.Clash]:
    """Return what stands in the way of making ``gone`` a part of ``kept``, the worst first."""
    if gone.id == kept.id:
        return [merging.Clash(_l("This is the same company."), stops=True)]
    own = []
    for company in (gone, kept):
        if company.merged_into_id is not None:
            said = _l("%(company)s is a part of another already.", company=company.name)
            own.append(merging.Clash(said, stops=True))
    if db.session.scalar(_under_way(gone, kept)):
        said = _l("One of the two is being merged at this moment. Wait until that is done.")
        own.append(merging.Clash(said, stops=True))
    on = db.session.connection()
    return own + merging.clashes_between(gone.id, kept.id, on)


def _under_way(*companies: Company) -> Any:
    ids = [company.id for company in companies]
    return select(func.count()).where(
        CompanyMerge.state.in_(("running", "undoing")),
        or_(CompanyMerge.gone_id.in_(ids), CompanyMerge.kept_id.in_(ids)),
    )


def merge(
    gone: Company, kept: Company, *, taken: frozenset[str], consented: bool, by: int
) -> CompanyMerge:
    """Make ``gone`` a part of ``kept``; for the fields ``taken`` the values of ``gone`` count.

    Few rows are moved at once, many by a job. Raises Refused where something stands in the way.
    Records MergeBegun, CompaniesMerged, CompanyChanged, SignedOut, ApiKeyRevoked, RoleChanged.
    """
    found = clashes(gone, kept)
    stopping = next((clash for clash in found if clash.stops), None)
    if stopping is not None:
        raise Refused(stopping.text)
    if any(clash.needs_consent for clash in found) and not consented:
        raise Refused(_l("Say that you have read what happens to what both have."))
    made = _begin(gone, kept, by)
    _end_access(made, gone, by)
    _close(made, gone, kept, taken, by)
    if made.total >= MANY:
        jobs.owe(JOB, {"merge": made.id})
        return made
    while step(made):
        pass
    return made


def _begin(gone: Company, kept: Company, by: int) -> CompanyMerge:
    on = db.session.connection()
    total = sum(number for _, number in merging.rows_of(gone.id, on))
    made = CompanyMerge(
        ref=new_ref("G"),
        gone_id=gone.id,
        kept_id=kept.id,
        state="running",
        before={},
        total=total,
        moved=0,
        made_by_id=by,
        made_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    begun = MergeBegun(
        actor_id=by, company_id=kept.id, ref=kept.ref, merge=made.ref, gone=gone.ref, rows=total
    )
    events.record(begun)
    return made


def _close(
    made: CompanyMerge, gone: Company, kept: Company, taken: frozenset[str], by: int
) -> None:
    """Let ``kept`` have the values that were chosen, and close ``gone``; note what was before."""
    chosen = {name: getattr(gone, name) for name in rules.FIELDS if name in taken}
    chosen = {name: value for name, value in chosen.items() if getattr(kept, name) != value}
    made.before = {
        "kept": {name: _kept(getattr(kept, name)) for name in chosen},
        "taken": {name: _kept(value) for name, value in chosen.items()},
        "gone": {"lifecycle": gone.lifecycle},
    }
    change_company(kept, chosen, by=by)
    change_company(gone, {"lifecycle": "closed", "merged_into_id": kept.id}, by=by)


def _kept(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _of_kept(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name in rules.DAYS and value else value


def _end_access(made: CompanyMerge, gone: Company, by: int) -> None:
    """End the sign-ins, sockets and keys of a company."""
    _end_sign_ins(SignIn.company_id == gone.id, by)
    keys = db.session.execute(
        update(ApiKey)
        .where(ApiKey.company_id == gone.id, ApiKey.revoked_at.is_(None))
        .values(revoked_at=clock.now())
        .returning(ApiKey.id, ApiKey.ref)
        .execution_options(**scope.CENTRE)
    ).all()
    events.record_all(
        ApiKeyRevoked(actor_id=by, company_id=gone.id, ref=key.ref, api_key_id=key.id)
        for key in keys
    )
    if keys:
        ended = [key.id for key in keys]
        db.session.add(MergeMove(merge_id=made.id, part=_ENDED_KEYS, rows=ended))


def _end_sign_ins(which: Any, by: int | None) -> None:
    ended = db.session.execute(
        update(SignIn)
        .where(which, SignIn.ended_at.is_(None))
        .values(ended_at=clock.now())
        .returning(SignIn.id, SignIn.person_id)
    ).all()
    people: dict[int, list[int]] = {}
    for row in ended:
        people.setdefault(row.person_id, []).append(row.id)
    events.record_all(
        SignedOut(actor_id=by, company_id=None, person_id=person, sign_in_ids=tuple(ids))
        for person, ids in people.items()
    )


def step(made: CompanyMerge) -> bool:
    """Move the next rows of a merge; return whether there may be more.

    Records CompaniesMerged with the last.
    """
    on = db.session.connection()
    for part in merging.parts():
        moved = part.move(made.gone_id, made.kept_id, BATCH, on)
        if moved:
            db.session.add(MergeMove(merge_id=made.id, part=part.name, rows=moved))
            made.moved += len(moved)
            db.session.flush()
            return True
    _finish(made)
    return False


def _finish(made: CompanyMerge) -> None:
    made.state, made.done_at = "done", clock.now()
    gone, kept = _companies(made)
    _tell_colleagues(kept, made.made_by_id)
    done = CompaniesMerged(
        actor_id=made.made_by_id,
        company_id=kept.id,
        ref=kept.ref,
        merge=made.ref,
        gone=gone.ref,
        rows=made.moved,
    )
    events.record(done)
    db.session.flush()


def _companies(made: CompanyMerge) -> tuple[Company, Company]:
    return db.session.get_one(Company, made.gone_id), db.session.get_one(Company, made.kept_id)


def _tell_colleagues(company: Company, by: int | None) -> None:
    """Have the open sockets of a company's people checked again."""
    mine = select(Membership).where(Membership.company_id == company.id)
    events.record_all(
        RoleChanged(
            actor_id=by,
            company_id=company.id,
            person_id=each.person_id,
            role=each.role,
            company_name=company.name,
        )
        for each in db.session.scalars(mine)
    )


def undo(made: CompanyMerge, *, by: int) -> None:
    """Make two companies of one again; many rows are moved back by a job.

    Raises Refused after UNDO_WITHIN, while rows move, where it is undone already, and where the
    company that stayed has become a part of another since. Records MergeUndone, SignedOut.
    """
    _check_undo(made)
    made.state, made.undone_by_id = "undoing", by
    if made.moved >= MANY:
        jobs.owe(JOB, {"merge": made.id})
        return
    while step_back(made):
        pass


def _check_undo(made: CompanyMerge) -> None:
    if made.state != "done":
        raise Refused(_l("This merge is under way or undone already."))
    if not may_be_undone(made):
        raise Refused(
            _l("A merge can be undone for %(days)s days; these are over.", days=UNDO_WITHIN.days)
        )
    _, kept = _companies(made)
    if kept.merged_into_id is not None or db.session.scalar(_under_way(kept)):
        raise Refused(
            _l(
                "%(company)s has become a part of another since. Undo that first.",
                company=kept.name,
            )
        )


def may_be_undone(made: Any) -> bool:
    """Return whether a merge is done and not too long ago to be undone."""
    return made.state == "done" and clock.now() < made.made_at + UNDO_WITHIN


def step_back(made: CompanyMerge) -> bool:
    """Move back the rows that a merge moved last; return whether there may be more.

    Records MergeUndone with the last.
    """
    last = db.session.scalar(
        select(MergeMove)
        .where(MergeMove.merge_id == made.id)
        .order_by(MergeMove.id.desc())
        .limit(1)
    )
    if last is None:
        _finish_back(made)
        return False
    if last.part == _ENDED_KEYS:
        _renew_keys(made, last.rows)
    else:
        part = merging.part(last.part)
        part.back(made.gone_id, made.kept_id, last.rows, db.session.connection())
        made.moved -= len(last.rows)
    db.session.execute(delete(MergeMove).where(MergeMove.id == last.id))
    db.session.flush()
    return True


def _renew_keys(made: CompanyMerge, ids: list[int]) -> None:
    """Let keys work again that only the merge had ended; whoever revoked one means it."""
    change = (
        update(ApiKey)
        .where(ApiKey.id.in_(ids), ApiKey.company_id == made.gone_id)
        .values(revoked_at=None)
        .execution_options(synchronize_session=False, **scope.CENTRE)
    )
    db.session.execute(change)


def _finish_back(made: CompanyMerge) -> None:
    gone, kept = _companies(made)
    by = made.undone_by_id
    change_company(kept, _values_back(made.before, kept), by=by)
    again = {"lifecycle": made.before["gone"]["lifecycle"], "merged_into_id": None}
    change_company(gone, again, by=by)
    made.state, made.undone_at = "undone", clock.now()
    here = select(Membership.person_id).where(Membership.company_id == kept.id)
    _end_sign_ins((SignIn.company_id == kept.id) & SignIn.person_id.not_in(here), by)
    undone = MergeUndone(
        actor_id=by, company_id=kept.id, ref=kept.ref, merge=made.ref, gone=gone.ref
    )
    events.record(undone)
    db.session.flush()


def _values_back(before: Mapping[str, Any], kept: Company) -> dict[str, Any]:
    """Return what the merge changed and nobody has changed since, as it was."""
    return {
        name: _of_kept(name, value)
        for name, value in before["kept"].items()
        if _kept(getattr(kept, name)) == before["taken"][name]
    }


def carry_on(payload: Mapping[str, Any]) -> None:
    """Carry out the job: each batch in a transaction of its own; bears being run twice."""
    while _carried(payload["merge"]):
        clock.breathe()


def _carried(merge_id: int) -> bool:
    with transaction():
        made = db.session.get(CompanyMerge, merge_id, with_for_update=True, populate_existing=True)
        if made is None:
            return False
        if made.state == "running":
            return step(made)
        return made.state == "undoing" and step_back(made)


def merge_of(ref: str, *, lock: bool = False) -> CompanyMerge:
    """Return a merge by its reference; ``lock`` holds its row. Raises NotFound."""
    wanted = select(CompanyMerge).where(CompanyMerge.ref == ref)
    found = db.session.scalar(
        (wanted.with_for_update() if lock else wanted).execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(_l("There is no such merge."))
    return found
