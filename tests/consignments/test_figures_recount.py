"""Whatever happens to consignments, the counters are what a recount gives."""

from datetime import timedelta
from importlib import util
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text, update

from portal.consignments.models import DeliveryFigure, OpenCount, StatusCount, TrackingEvent
from portal.consignments.queries.heads import heads_for
from portal.consignments.queries.one import consignment_for, head_for
from portal.consignments.rules.vocabulary import Status
from portal.consignments.service import amending, batch, drafts, orders, recount, retractions
from portal.consignments.service.orders import Origin
from portal.consignments.service.tracking import NewEvent
from portal.core import clock, scope
from portal.core.db import db as database
from portal.core.db import transaction, write
from portal.core.errors import PortalError
from tests.factories import (
    make_company,
    make_consignment,
    make_dispatcher,
    make_order,
    party,
    push,
    reload,
    user_of,
)

pytestmark = pytest.mark.both_databases
PLACES = (("CN", "杭州"), ("CN", "杭州市"), ("DE", "Hamburg"), ("DE", "HAMBURG"), (None, None))
CODES = ("picked_up", "hub_arrived", "dest_city", "out_for_delivery", "delivered", "returned")
CODES += ("delivery_failed", "lost", "found", "closed", "incident", "incident_resolved")
HOURS = st.integers(-24 * 40, 0)
ACTIONS = st.one_of(
    st.tuples(
        st.just("order"), st.sampled_from(PLACES), HOURS, st.sampled_from(["standard", "cold"])
    ),
    st.tuples(st.just("draft"), st.sampled_from(PLACES)),
    st.tuples(st.just("import"), st.sampled_from(PLACES), HOURS, st.booleans()),
    st.tuples(st.just("push"), st.sampled_from(CODES), st.integers(0, 60)),
    st.tuples(st.just("push"), st.sampled_from(CODES), st.integers(0, 60)),
    st.tuples(st.just("many"), st.lists(st.sampled_from(CODES), min_size=1, max_size=3)),
    st.tuples(st.just("promise"), st.integers(-48, 48)),
    st.tuples(st.just("retract"), st.integers(0, 9)),
    st.tuples(st.just("cancel")),
    st.tuples(st.just("place")),
    st.tuples(st.just("amend"), st.sampled_from(PLACES[:4]), st.integers(1, 90)),
)
SLOW = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class Centre:
    """Some consignments and what may happen to them; each act is about the one made last."""

    def __init__(self):
        self.company = make_company()
        self.staff = user_of(make_dispatcher())
        self.no = make_consignment(self.company).no

    def order(self, place, hours, service):
        at = clock.now() + timedelta(hours=hours)
        self._make(ordered_at=at, service=service, consignee=party(country=place[0], city=place[1]))

    def draft(self, place):
        self._make(begins="draft", consignee=party(country=place[0], city=place[1]))

    def _make(self, **values):
        self.no = make_consignment(self.company, **values).no

    def import_(self, place, hours, kept):
        at = clock.now() + timedelta(hours=hours)
        history = {
            "begins": "delivered",
            "begins_at": at,
            "ordered_at": at - timedelta(days=40),
            "planned_delivery": at + timedelta(hours=1 if kept else -1),
            "consignee": party(country=place[0], city=place[1]),
        }
        origin = Origin(self.company.id, None, "import", "6901234")
        many = [make_order(**history), make_order(**history, pieces=[])]
        self.no = write(lambda on: orders.create_many(many, origin, on=on))[0].no

    def push(self, code, minutes):
        push(self.no, code, occurred_at=clock.now() - timedelta(minutes=minutes))

    def many(self, codes):
        rows = [(self.no, NewEvent(code=c, occurred_at=clock.now(), source="scan")) for c in codes]
        write(
            lambda on: batch.push_many(
                lambda nos: heads_for(self.staff, nos, on=on), rows, by=None, on=on
            )
        )

    def promise(self, hours):
        at = clock.now() + timedelta(hours=hours)
        push(self.no, "delivered", classifier="planned", occurred_at=at)

    def retract(self, back):
        ids = select(TrackingEvent.id).where(TrackingEvent.consignment_id == reload(self.no).id)
        found = self._scalars(ids.order_by(TrackingEvent.id.desc()))
        write(
            lambda on: retractions.retract(
                head_for(self.staff, self.no, on=on),
                found[min(back, len(found) - 1)],
                reason=None,
                by=self.staff.person_id,
                source="manual",
                on=on,
            )
        )

    def _scalars(self, query):
        on = recount_connection()
        return on.execute(query.execution_options(**scope.CENTRE)).scalars().all()

    def cancel(self):
        push(self.no, "cancelled", source="manual")

    def place(self):
        row = consignment_for(self.staff, self.no)
        if row.status == Status.DRAFT:
            write(lambda on: drafts.place(row, by=self.staff.person_id, on=on))

    def amend(self, place, hours):
        row = consignment_for(self.staff, self.no)
        changes = {
            "consignee_country": place[0],
            "consignee_city": place[1],
            "window_to": clock.now() + timedelta(hours=hours),
        }
        write(lambda on: amending.amend(row, changes, by=self.staff.person_id, on=on))


def recount_connection():
    database.session.rollback()
    return database.session.connection()


def differences():
    return [str(each) for each in recount.differences(recount_connection())]


def test_the_counters_are_what_a_recount_gives_whatever_happens(app):
    centre = Centre()

    @SLOW
    @given(st.lists(ACTIONS, min_size=1, max_size=12))
    def happens(actions):
        for name, *values in actions:
            act = getattr(centre, f"{name}_" if name == "import" else name)
            try:
                act(*values)
            except PortalError:
                recount_connection()
        assert differences() == []

    happens()
    kept = recount_connection().scalars(select(OpenCount.count).execution_options(**scope.CENTRE))
    assert all(count > 0 for count in kept.all())


def lives(app):
    """Make a few consignments in every kind of state."""
    centre = Centre()
    for hours, place in enumerate(PLACES):
        centre.order(place, -30 * hours, "standard")
        centre.push("picked_up", 50)
        centre.push("incident", 40)
    centre.order(PLACES[0], -1, "express")
    centre.cancel()
    centre.import_(("DE", "Hamburg"), -900, True)
    centre.draft(("CN", "上海"))
    return centre


def tamper():
    with transaction():
        database.session.execute(
            update(StatusCount).values(count=7).execution_options(**scope.CENTRE)
        )
        database.session.execute(delete(OpenCount).execution_options(**scope.CENTRE))
        database.session.execute(text("UPDATE incident_figure SET count = count + 1"))


def test_the_command_names_what_differs_and_puts_it_right(app):
    lives(app)
    run = app.test_cli_runner().invoke
    assert run(args=["figures", "verify"]).output == "The counters are right.\n"
    tamper()
    found = run(args=["figures", "verify"])
    assert found.exit_code == 1
    for table in ("status_count", "open_count", "incident_figure"):
        assert f"{table} (" in found.output
    assert "delivery_figure" not in found.output
    assert "put right" in run(args=["figures", "verify", "--repair"]).output
    assert run(args=["figures", "verify"]).exit_code == 0
    assert differences() == []


def test_the_migration_counts_what_is_there(app):
    lives(app)
    path = next(Path(app.root_path).parent.glob("migrations/versions/0005_*.py"))
    spec = util.spec_from_file_location("counting", path)
    migration = util.module_from_spec(spec)
    spec.loader.exec_module(migration)
    with transaction():
        on = database.session.connection()
        for model in (DeliveryFigure, OpenCount):
            on.execute(delete(model).execution_options(**scope.CENTRE))
        migration._BATCH = 2
        with Operations.context(MigrationContext.configure(on)):
            migration._fill()
    assert differences() == []
