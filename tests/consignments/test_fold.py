"""Whatever order events arrive in, and however often: the same state, the same figures."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal.consignments.models import Consignment, DeliveryFigure, StatusCount, TrackingEvent
from portal.consignments.queries.one import head_for
from portal.consignments.rules import moves
from portal.consignments.rules.lanes import ALL
from portal.consignments.rules.moves import MOVES, SETTLED, Step
from portal.consignments.rules.vocabulary import Status
from portal.consignments.service import retractions
from portal.core import clock, scope
from portal.core.db import write
from tests.factories import make_company, make_consignment, make_dispatcher, push, reload, user_of

AT = datetime(2026, 11, 1, 8, tzinfo=UTC)
CODES = st.sampled_from([str(status) for status in Status])
SLOW = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@st.composite
def histories(draw, longest=14):
    """Return the codes of a legal way from ``ordered``."""
    way, before = ["ordered"], []
    for _ in range(draw(st.integers(0, longest))):
        here = Status(way[-1])
        nexts = MOVES[here] if here is not Status.FOUND else MOVES[Status(before[-1])]
        if not nexts:
            break
        chosen = draw(st.sampled_from(sorted(nexts)))
        if chosen == Status.LOST:
            before.append(way[-1] if way[-1] != Status.FOUND else before[-1])
        way.append(str(chosen))
    return way


def steps_of(codes):
    return [Step.of(AT + timedelta(minutes=i), i, code) for i, code in enumerate(codes)]


@given(
    st.lists(st.tuples(st.integers(0, 20), CODES), max_size=14), st.randoms(use_true_random=False)
)
def test_any_order_and_any_duplicates_give_the_same_state(events, chance):
    steps = [
        Step.of(AT + timedelta(minutes=minute), i, code) for i, (minute, code) in enumerate(events)
    ]
    shuffled = steps + chance.sample(steps, len(steps) // 2)
    chance.shuffle(shuffled)
    assert moves.fold(shuffled) == moves.fold(steps)


@given(histories())
def test_a_legal_history_ends_where_it_ends(codes):
    ends = codes[-1]
    if ends == Status.FOUND:
        ends = codes[: len(codes) - 1 - codes[::-1].index("lost")][-1]
        if ends == Status.FOUND:
            return  # lost twice without moving in between
    assert moves.fold(steps_of(codes)) == ends


@given(histories(), st.lists(st.tuples(st.integers(0, 30), CODES), max_size=5))
def test_late_events_never_move_what_is_settled(codes, late):
    steps = steps_of(codes)
    if moves.fold(steps) not in SETTLED:
        return
    end = len(steps)
    after = [
        Step.of(AT + timedelta(minutes=end + minute), 100 + i, code)
        for i, (minute, code) in enumerate(late)
        if code != "closed"
    ]
    assert moves.fold([*steps, *after]) == moves.fold(steps)


def recounted_statuses(db):
    rows = db.session.execute(
        select(Consignment.company_id, Consignment.status).execution_options(**scope.CENTRE)
    )
    return Counter((row.company_id, row.status) for row in rows)


def kept_statuses(db):
    rows = db.session.scalars(select(StatusCount).execution_options(**scope.CENTRE))
    return Counter({(row.company_id, row.status): row.count for row in rows if row.count})


def recounted_figures(db):
    found = Counter()
    for row in db.session.scalars(select(Consignment).execution_options(**scope.CENTRE)):
        if row.delivery_actual is None:
            continue
        key = (
            row.company_id,
            f"{row.delivery_actual.astimezone(clock.zone()):%Y-%m}",
            row.consignee_country or "",
        )
        found[key, "delivered"] += 1
        found[key, "weight_g"] += row.gross_weight_g or 0
        found[key, "promised"] += row.delivery_planned is not None
        found[key, "on_time"] += (
            row.delivery_planned is not None and row.delivery_actual <= row.delivery_planned
        )
    return +found


def kept_figures(db):
    found = Counter()
    for row in db.session.scalars(select(DeliveryFigure).execution_options(**scope.CENTRE)):
        if row.lane != ALL:
            continue
        key = (row.company_id, row.month, row.country)
        for name in ("delivered", "weight_g", "promised", "on_time"):
            found[key, name] += getattr(row, name)
    return +found


def check_kept(db, no):
    """Hold what is kept with each change against what a recount gives."""
    row = reload(no)
    seqs = db.session.scalars(
        select(TrackingEvent.seq)
        .where(TrackingEvent.consignment_id == row.id)
        .order_by(TrackingEvent.seq)
        .execution_options(**scope.CENTRE)
    ).all()
    assert seqs == list(range(1, row.status_seq + 1))
    assert kept_statuses(db) == recounted_statuses(db)
    assert kept_figures(db) == recounted_figures(db)
    assert row.delivery_actual is not None or row.status != "delivered"


def send(no, codes, order, twice):
    """Deliver the events after the first in ``order``, those in ``twice`` two times."""
    for i in order:
        for _ in range(2 if i in twice else 1):
            push(no, codes[i], occurred_at=AT + timedelta(minutes=i), source_event_id=f"E{i}")


@pytest.mark.both_databases
def test_scans_in_any_order_end_in_the_same_state(app, db):
    company = make_company()

    @SLOW
    @given(histories(), st.data())
    def arrive(codes, data):
        order = data.draw(st.permutations(range(1, len(codes))))
        twice = data.draw(st.sets(st.integers(1, max(1, len(codes) - 1))))
        no = make_consignment(company, ordered_at=AT).no
        send(no, codes, order, twice)
        assert reload(no).status == moves.fold(steps_of(codes))
        check_kept(db, no)

    arrive()


@pytest.mark.both_databases
def test_scans_that_make_no_sense_are_folded_alike_in_any_order(app, db):
    company = make_company()

    @SLOW
    @given(
        st.lists(
            st.tuples(st.integers(0, 12), CODES.filter(lambda code: code != "cancelled")),
            max_size=9,
        ),
        st.data(),
    )
    def arrive(events, data):
        states = []
        for order in (range(len(events)), data.draw(st.permutations(range(len(events))))):
            no = make_consignment(company, ordered_at=AT + timedelta(minutes=3)).no
            for i in order:
                minute, code = events[i]
                push(no, code, occurred_at=AT + timedelta(minutes=minute, seconds=i))
            now = reload(no)
            states.append(
                (now.status, now.attempts, now.pickup_actual, now.delivery_actual, now.head_at)
            )
            check_kept(db, no)
        assert states[0] == states[1]

    arrive()


@pytest.mark.both_databases
def test_withdrawing_events_leaves_what_the_others_amount_to(app, db):
    company = make_company()
    dispatcher = user_of(make_dispatcher())

    def withdraw(no, event_id):
        return write(
            lambda on: retractions.retract(
                head_for(dispatcher, no, on=on),
                event_id,
                reason=None,
                by=dispatcher.person_id,
                source="manual",
                on=on,
            )
        )

    @SLOW
    @given(histories(), st.data())
    def arrive(codes, data):
        wrong = data.draw(st.sets(st.integers(1, max(1, len(codes) - 1)))) & set(
            range(1, len(codes))
        )
        no = make_consignment(company, ordered_at=AT).no
        ids = {
            i: push(no, codes[i], occurred_at=AT + timedelta(minutes=i)).id
            for i in range(1, len(codes))
        }
        for i in wrong:
            withdraw(no, ids[i])
        right = [step for step in steps_of(codes) if step.id not in wrong]
        assert reload(no).status == moves.fold(right)
        check_kept(db, no)

    arrive()
