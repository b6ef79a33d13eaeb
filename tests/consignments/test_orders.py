"""Creating and amending consignments."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.consignments.models import Piece, StatusCount
from portal.consignments.queries.one import consignment_for, events_of, pieces_of
from portal.consignments.rules import numbers, promise
from portal.consignments.service import amending, orders
from portal.consignments.service.orders import Origin, Unit
from portal.core import clock, scope
from portal.core.db import db as database
from portal.core.db import transaction, write
from portal.core.errors import Refused
from portal.core.events import EventRecord
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


def counts(db, company):
    rows = db.session.scalars(
        select(StatusCount)
        .where(StatusCount.company_id == company.id)
        .execution_options(**scope.of(company.id))
    )
    return {row.status: row.count for row in rows if row.count}


def test_a_consignment_begins_with_its_first_event(app):
    made = make_consignment(ordered_at=datetime(2026, 3, 5, 8, tzinfo=UTC))
    row = reload(made.no)
    events = events_of(row, internal=True)
    assert [(e.seq, e.code, e.status_after) for e in events] == [(1, "ordered", "ordered")]
    assert row.last_at == row.head_at == row.ordered_at == datetime(2026, 3, 5, 8, tzinfo=UTC)
    assert numbers.is_number(made.no)


def test_weights_and_volume_are_added_up(app):
    box = Unit(goods="洗衣液", weight_g=12_500, length_mm=400, width_mm=300, height_mm=300)
    row = reload(make_consignment(pieces=[box, box, Unit(goods="样品", weight_g=200)]).no)
    assert (row.piece_count, row.gross_weight_g, row.volume_mm3) == (3, 25_200, 72_000_000)
    assert row.chargeable_weight_g == 25_200


def test_every_piece_has_a_code_of_its_own(app, db):
    box = Unit(goods="洗衣液", weight_g=1)
    company = make_company()
    codes = {
        piece.sscc
        for _ in range(3)
        for piece in pieces_of(reload(make_consignment(company, pieces=[box] * 4).no))
    }
    assert len(codes) == 12
    assert all(len(code) == 18 and code.startswith("36901234") for code in codes)
    assert db.session.scalar(select(Piece.sscc).execution_options(**scope.CENTRE).limit(1)) in codes


def test_a_piece_that_has_a_code_keeps_it(app):
    packed = Unit(goods="洗衣液", sscc="369012340000000018")
    row = reload(make_consignment(pieces=[packed, Unit(goods="样品")]).no)
    first, second = pieces_of(row)
    assert first.sscc == "369012340000000018"
    assert second.sscc not in (None, first.sscc)


def test_the_count_of_its_status_goes_up(app, db):
    company = make_company()
    for _ in range(3):
        make_consignment(company)
    make_consignment(company, begins="draft")
    assert counts(db, company) == {"ordered": 3, "draft": 1}


def test_a_history_begins_delivered_and_is_counted(app):
    at = datetime(2026, 2, 3, 4, tzinfo=UTC)
    row = reload(
        make_consignment(
            begins="delivered", begins_at=at, planned_delivery=at + timedelta(hours=1)
        ).no
    )
    assert (row.status, row.delivery_actual, row.history) == ("delivered", at, True)


def test_it_is_told_once(app, db):
    made = make_consignment()
    told = db.session.scalars(
        select(EventRecord).where(EventRecord.about == f"consignment:{made.no}")
    ).all()
    assert [event.name for event in told] == ["consignment.created"]


def test_the_same_order_reference_twice_in_one_company_is_impossible(app):
    company = make_company()
    make_consignment(company, order_ref="SO-7")
    with pytest.raises(IntegrityError):
        make_consignment(company, order_ref="SO-7")
    make_consignment(make_company(), order_ref="SO-7")


def test_many_orders_take_no_more_statements_than_two(app, db, statements):
    company = make_company()
    origin = Origin(company.id, None, "api", "6901234")
    write(lambda on: orders.create_many([make_order()], origin, on=on))
    taken = []
    for count in (2, 50):
        with statements() as seen:
            write(
                lambda on, count=count: orders.create_many(
                    [make_order() for _ in range(count)], origin, on=on
                )
            )
        taken.append(len(seen))
    assert taken[0] == taken[1]


def amend(no, changes):
    asker = user_of(make_dispatcher())
    with transaction():
        row = consignment_for(asker, no, lock=True)
        amending.amend(row, changes, by=1, on=database.session.connection())


def test_a_change_is_kept_found_and_told(app, db):
    company = make_company()
    no = make_consignment(company, consignee=party(name="周敏")).no
    asker = user_of(make_dispatcher())
    with transaction():
        row = consignment_for(asker, no, lock=True)
        amending.amend(
            row, {"consignee_name": "李雷", "note": None}, by=1, on=db.session.connection()
        )
    assert reload(no).consignee_name == "李雷"
    last = db.session.scalars(select(EventRecord).order_by(EventRecord.id.desc())).first()
    assert (last.name, last.payload["fields"]) == ("consignment.amended", ["consignee_name"])


def test_the_promise_follows_the_window_that_is_asked_for(app):
    no = make_consignment().no
    until = clock.now() + timedelta(days=9)
    amend(no, {"window_to": until})
    assert reload(no).delivery_planned == until
    assert last_amended() == ["delivery_planned", "window_to"]


def test_without_a_window_the_promise_is_the_services_again(app):
    promised = reload(make_consignment().no).delivery_planned
    no = make_consignment(window_to=clock.now() + timedelta(days=9)).no
    amend(no, {"window_to": None})
    assert reload(no).delivery_planned == promised


def test_a_consignee_abroad_is_promised_later(app):
    no = make_consignment().no
    before = reload(no).delivery_planned
    amend(no, {"consignee_country": "DE"})
    assert reload(no).delivery_planned - before == timedelta(days=promise.DAYS_ABROAD)


def test_what_the_centre_has_planned_stays_where_the_window_does(app):
    no, planned = make_consignment().no, clock.now() + timedelta(days=2)
    push(no, "delivered", classifier="planned", occurred_at=planned)
    amend(no, {"note": "call first", "window_to": None})
    assert reload(no).delivery_planned == planned
    assert last_amended() == ["note"]


def last_amended():
    newest = select(EventRecord).order_by(EventRecord.id.desc())
    return database.session.scalars(newest).first().payload["fields"]


def test_a_change_of_nothing_is_not_told(app, db):
    no = make_consignment(consignee=party(name="周敏")).no
    asker = user_of(make_dispatcher())
    with transaction():
        row = consignment_for(asker, no, lock=True)
        amending.amend(row, {"consignee_name": "周敏"}, by=1, on=db.session.connection())
    names = db.session.scalars(
        select(EventRecord.name).where(EventRecord.about == f"consignment:{no}")
    ).all()
    assert names == ["consignment.created"]


@pytest.mark.parametrize("code", ["picked_up", "cancelled"])
def test_nothing_changes_once_it_is_under_way_or_over(app, code):
    no = make_consignment().no
    push(no, code)
    with pytest.raises(Refused):
        amend(no, {"note": "x"})
    assert reload(no).note is None


def test_two_who_order_at_once_both_get_their_numbers(app):
    company = make_company()
    make_consignment(company)
    origin = Origin(company.id, None, "api", "6901234")
    bodies = [make_order(ordered_at=clock.now()) for _ in range(8)]
    made = []

    def work(order):
        with app.app_context():
            made.append(write(lambda on: orders.create(order, origin, on=on)).no)
            database.session.remove()

    database.session.remove()
    threads = [threading.Thread(target=work, args=(body,)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 8
