"""Consignments that something goes wrong with, and what is kept of that."""

from datetime import timedelta
from threading import Thread

from sqlalchemy import select, update

from portal.consignments.models import (
    Consignment,
    Incident,
    IncidentCount,
    IncidentFigure,
)
from portal.consignments.service.incidents import handling, telling, watching
from portal.consignments.service.incidents.book import month_of
from portal.core import clock, jobs, scope
from portal.core.db import db, transaction
from tests.factories import (
    make_consignment,
    push,
)
from workers import relay

INCIDENTS = Incident.__table__
CONSIGNMENTS = Consignment.__table__
HOUR = timedelta(hours=1)


def all_of(table=INCIDENTS):
    """Return the rows of a table, as they are now."""
    db.session.rollback()
    query = select(table).order_by(*table.primary_key)
    return db.session.execute(query.execution_options(**scope.CENTRE)).all()


def shown():
    """Return class and state of every incident."""
    return [(row.kind, row.state) for row in all_of()]


def change(no, **values):
    """Set columns of a consignment, as time or another writer would."""
    with transaction():
        own = update(CONSIGNMENTS).where(CONSIGNMENTS.c.no == no).values(**values)
        db.session.execute(own.execution_options(**scope.CENTRE))


def work():
    """Let relay and rules run until they have nothing to do."""
    db.session.rollback()
    relay.run_once()
    while watching.read_log({}) + watching.check_due({}):
        pass


def silent(no, hours=99):
    """Let a consignment on its way have been silent for hours, and its time to be looked at."""
    at = clock.now() - hours * HOUR
    change(no, head_at=at, last_at=at, check_at=clock.now() - HOUR)


def on_the_way(company=None):
    """Return the number of a consignment that left its hub."""
    no = make_consignment(company).no
    for code in ("picked_up", "hub_arrived", "hub_departed"):
        push(no, code)
    work()
    return no


def ref_of(place=0):
    return all_of()[place].ref


def work_on(no):
    """Let the rules look at a consignment now."""
    change(no, check_at=clock.now() - HOUR)
    work()


def run_beside_each_other(app, work_once, workers=3):
    """Run the same work in several threads at once; what one raises is raised here."""
    failed = []

    def run():
        with app.app_context():
            try:
                work_once()
            except Exception as error:
                failed.append(error)
            finally:
                db.session.remove()

    db.session.remove()
    threads = [Thread(target=run) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed, failed


def close(ref, person, to="resolved", reason="put_right", **more):
    """Close an incident as a person does."""
    said = {"note": None, "note_visible": False} | more
    with transaction():
        on = db.session.connection()
        return handling.close([ref], to, reason=reason, by=person.id, on=on, **said)


def act(verb, ref, *rest, by):
    """Do something to one incident as a person does."""
    with transaction():
        return verb([ref], *rest, by=by.id, on=db.session.connection())


def assert_counted():
    """Counts equal a recount of the rows."""
    states, months, owners = {}, {}, {}
    for row in all_of():
        for table, key in (
            (states, (row.company_id, row.kind, row.state)),
            (months, (row.company_id, month_of(row.opened_at), row.kind)),
        ):
            count, seen = table.get(key, (0, 0))
            table[key] = (count + 1, seen + row.owner_visible)
        if row.closed_at is None:
            count, seen = owners.get(row.consignment_id, (0, 0))
            owners[row.consignment_id] = (count + 1, seen + row.owner_visible)
    for model, counted in ((IncidentCount, states), (IncidentFigure, months)):
        rows = all_of(model.__table__)
        assert {tuple(r)[:3]: (r.count, r.owners) for r in rows if r.count or r.owners} == counted
    kept = {
        r.id: (r.open_incidents, r.owner_incidents)
        for r in all_of(CONSIGNMENTS)
        if r.open_incidents
    }
    assert kept == owners


def due_mails():
    """Let everything that waits to be told be due, tell it, and return the mails."""
    with transaction():
        now = (
            update(INCIDENTS)
            .where(INCIDENTS.c.tell.is_not(None))
            .values(tell_at=clock.now() - HOUR)
        )
        db.session.execute(now.execution_options(**scope.CENTRE))
    telling.tell_due()
    return owed()


def owed():
    """Return to whom mails are owed, and what they say."""
    db.session.rollback()
    query = select(jobs.Job.payload).where(jobs.Job.kind == "mail", jobs.Job.state == "queued")
    return db.session.scalars(query.order_by(jobs.Job.id)).all()
