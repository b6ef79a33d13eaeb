"""Receiving: what a scan comes to, and what it is refused for."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from portal.core import clock, scope
from portal.core.db import db, write
from portal.core.errors import Invalid, NotFound, Refused
from portal.warehousing.goods.models import Sku, SkuUnit
from portal.warehousing.inbound.models import (
    Difference,
    InboundNotice,
    NoticeLine,
    PutAwayTask,
    Receipt,
    ReceiptLine,
)
from portal.warehousing.inbound.rules.receiving import Confirm
from portal.warehousing.inbound.service import again, finishing, known, notices, receiving, slots
from portal.warehousing.ledger.models import Lot, StockEntry
from portal.warehousing.ledger.service import holding
from portal.warehousing.ledger.service.holding import Hold
from tests.factories import make_company, make_person
from tests.warehousing.inbound_making import (
    House,
    finish,
    make_arrived,
    make_notice,
    receive,
    said_line,
)
from tests.warehousing.making import _insert, balances, in_days, make_sku

pytestmark = pytest.mark.both_databases


@pytest.fixture
def house(app):
    return House()


@pytest.fixture
def company(app):
    return make_company()


def rows(model, **values):
    table = model.__table__
    wanted = select(table).where(*(table.c[name] == value for name, value in values.items()))
    return list(db.session.execute(wanted.order_by(table.c.id).execution_options(**scope.CENTRE)))


def notice(ref):
    return rows(InboundNotice, ref=ref)[0]


def lines(ref):
    return rows(NoticeLine, notice_id=notice(ref).id)


def make_blind(house, company):
    def work(on):
        made = notices.blind(company.id, house.id, by=None, on=on)
        slots.arrive(made.ref, by=None, on=on)
        return made.ref

    return write(work)


def test_a_scan_is_stock_a_line_of_a_receipt_and_something_to_put_away(house, company):
    sku = make_sku(company)
    ref = make_arrived(house, company, said_line(sku, 10))
    came = receive(ref, sku, 4)
    assert (came.received, came.announced, came.position) == (4, 10, 1)
    assert [b.on_hand for b in balances(location_id=house.lane.id)] == [4]
    assert notice(ref).status == "receiving"
    assert lines(ref)[0].received == 4
    (receipt,) = rows(Receipt)
    assert [(r.quantity, r.status) for r in rows(ReceiptLine, receipt_id=receipt.id)] == [
        (4, "approved")
    ]
    assert [t.quantity for t in rows(PutAwayTask)] == [4]


def test_more_of_the_same_goods_is_added_to_the_same_task(house, company):
    sku = make_sku(company)
    ref = make_arrived(house, company, said_line(sku, 10))
    receive(ref, sku, 4)
    receive(ref, sku, 6)
    assert [(t.quantity, t.done) for t in rows(PutAwayTask)] == [(10, 0)]
    assert len(rows(Receipt)) == 1


def test_goods_are_counted_in_the_unit_in_which_they_were_scanned(house, company):
    sku = make_sku(company)
    _insert(SkuUnit, company_id=company.id, sku_id=sku.id, level="case", holds=Decimal(12))
    ref = make_arrived(house, company, said_line(sku, 5, level="case"))
    assert receive(ref, sku, 2, level="case").quantity == 24
    (scan,) = rows(ReceiptLine)
    assert (scan.level, scan.counted, scan.quantity) == ("case", 2, 24)


def test_a_unit_that_the_goods_do_not_have_is_refused(house, company):
    sku = make_sku(company)
    ref = make_arrived(house, company, said_line(sku, 5))
    with pytest.raises(Refused):
        receive(ref, sku, 1, level="pallet")
    assert balances(sku_id=sku.id) == []


def test_goods_of_a_notice_that_is_not_here_are_refused(house, company):
    sku = make_sku(company)
    ref = make_notice(house, company, said_line(sku))
    with pytest.raises(Refused, match="arrival"):
        receive(ref, sku)


def test_a_code_that_nobody_has_and_one_of_another_owner_are_told_apart(house, company):
    make_sku(company, code="MINE")
    make_sku(make_company(), code="THEIRS")
    find = lambda code: write(lambda on: known.goods(code, company.id, on))  # noqa: E731
    assert find("mine").sku.code == "MINE"
    with pytest.raises(Refused, match="another owner"):
        find("THEIRS")
    with pytest.raises(NotFound, match="NOPE"):
        find("NOPE")


def test_more_than_the_tolerance_needs_a_reason(house, company):
    sku = make_sku(company, over_receipt_bp=1000)
    ref = make_arrived(house, company, said_line(sku, 10))
    receive(ref, sku, 11)
    with pytest.raises(Confirm) as asked:
        receive(ref, sku, 1)
    assert (asked.value.needs, asked.value.right) == ("over", "warehouse.supervise")
    assert balances(sku_id=sku.id)[0].on_hand == 11
    receive(ref, sku, 1, confirmed={"over"}, reason="The driver insists")
    assert rows(ReceiptLine)[-1].allowed == "The driver insists"
    assert [(d.kind, d.quantity) for d in finish(ref)] == [("over", 2)]


def test_what_comes_over_within_the_tolerance_is_no_difference(house, company):
    sku = make_sku(company, over_receipt_bp=1000)
    ref = make_arrived(house, company, said_line(sku, 10))
    receive(ref, sku, 11)
    assert finish(ref) == []


def test_goods_kept_by_lot_want_a_lot_and_those_with_a_date_their_date(house, company):
    sku = make_sku(company, lot_policy="lot", has_expiry=True)
    ref = make_arrived(house, company, said_line(sku))
    with pytest.raises(Refused, match="lot"):
        receive(ref, sku, expires_on=in_days(100))
    with pytest.raises(Refused, match="expiry"):
        receive(ref, sku, lot="A")
    receive(ref, sku, lot="A", expires_on=in_days(100))
    assert [lot.code for lot in rows(Lot)] == ["A"]


def test_an_expired_lot_is_refused_as_good_and_kept_apart_as_doubtful(house, company):
    sku = make_sku(company, lot_policy="lot", has_expiry=True)
    ref = make_arrived(house, company, said_line(sku))
    with pytest.raises(Refused, match="expired"):
        receive(ref, sku, lot="OLD", expires_on=in_days(-1))
    assert rows(Lot) == []
    receive(ref, sku, lot="OLD", expires_on=in_days(-1), condition="doubtful")
    assert balances(sku_id=sku.id)[0].status == "quarantined"


def test_too_few_days_left_need_a_supervisor(house, company):
    sku = make_sku(company, has_expiry=True, least_days_in=90)
    ref = make_arrived(house, company, said_line(sku))
    with pytest.raises(Confirm):
        receive(ref, sku, expires_on=in_days(30))
    receive(ref, sku, expires_on=in_days(30), confirmed={"days"}, reason="Owner agreed by phone")
    assert rows(Lot)[0].code == in_days(30).isoformat()


def test_goods_of_a_lot_on_hold_arrive_on_hold_and_damaged_ones_stay_damaged(house, company):
    sku = make_sku(company, lot_policy="lot")
    ref = make_arrived(house, company, said_line(sku))
    receive(ref, sku, lot="A")
    hold, lot = Hold(kind="owner", status="on_hold", reason="Label is wrong"), rows(Lot)[0]
    write(lambda on: holding.set_hold(lot.id, company.id, hold, by_id=None, on=on))
    assert receive(ref, sku, lot="A").status == "on_hold"
    assert receive(ref, sku, lot="A", condition="damaged").status == "damaged"
    assert {b.status: b.on_hand for b in balances(sku_id=sku.id) if b.on_hand} == {
        "on_hold": 2,
        "damaged": 1,
    }


def test_damaged_goods_are_counted_apart_and_make_a_difference(house, company):
    sku = make_sku(company)
    ref = make_arrived(house, company, said_line(sku, 10))
    receive(ref, sku, 8)
    receive(ref, sku, 2, condition="damaged", note="Crushed")
    assert {b.status: b.on_hand for b in balances(sku_id=sku.id)} == {"approved": 8, "damaged": 2}
    assert [(d.kind, d.quantity) for d in finish(ref)] == [("damaged", 2)]


def test_a_serial_number_is_one_piece_and_comes_once(house, company):
    sku = make_sku(company, lot_policy="serial")
    ref = make_arrived(house, company, said_line(sku, 3))
    with pytest.raises(Refused, match="one by one"):
        receive(ref, sku, 2, lot="SN1")
    receive(ref, sku, lot="SN1")
    with pytest.raises(Refused, match="in stock already"):
        receive(ref, sku, lot="SN1")


def test_a_whole_pallet_is_scanned_once(house, company):
    sku = make_sku(company)
    sscc = "106141412345678908"
    ref = make_arrived(house, company, said_line(sku, 40, sscc=sscc), said_line(sku, 60))
    receive(ref, sku, 40, sscc=sscc)
    with pytest.raises(Refused, match="received already"):
        receive(ref, sku, 40, sscc=sscc)
    assert [line.received for line in lines(ref)] == [40, 0]
    assert rows(PutAwayTask)[0].handling_unit_id is not None


def test_goods_that_were_not_announced_are_asked_about_once(house, company):
    sku, other = make_sku(company), make_sku(company)
    ref = make_arrived(house, company, said_line(sku, 10))
    with pytest.raises(Confirm) as asked:
        receive(ref, other, 3)
    assert asked.value.needs == "unannounced"
    receive(ref, other, 3, confirmed={"unannounced"})
    receive(ref, other, 2)
    receive(ref, sku, 10)
    assert [(d.kind, d.quantity) for d in finish(ref)] == [("unannounced", 5)]


def test_another_lot_than_announced_is_a_wrong_one_and_not_short(house, company):
    sku = make_sku(company, lot_policy="lot")
    ref = make_arrived(house, company, said_line(sku, 10, lot="A"))
    with pytest.raises(Confirm) as asked:
        receive(ref, sku, 10, lot="B")
    assert asked.value.needs == "lot"
    receive(ref, sku, 10, lot="B", confirmed={"lot"})
    assert [(d.kind, d.quantity) for d in finish(ref)] == [("wrong", 10)]


def test_another_date_of_expiry_than_announced_is_asked_about(house, company):
    sku = make_sku(company, has_expiry=True)
    ref = make_arrived(house, company, said_line(sku, 10, expires_on=in_days(100)))
    with pytest.raises(Confirm):
        receive(ref, sku, 10, expires_on=in_days(10))
    receive(ref, sku, 10, expires_on=in_days(10), confirmed={"lot"})


def test_a_blind_receipt_asks_nothing_and_has_no_differences(house, company):
    sku = make_sku(company)
    ref = make_blind(house, company)
    receive(ref, sku, 7)
    assert finish(ref) == []
    assert lines(ref)[0].announced == 0


def test_a_scan_that_was_a_mistake_is_taken_back(house, company):
    sku = make_sku(company)
    ref = make_arrived(house, company, said_line(sku, 10))
    came = receive(ref, sku, 4)
    receive(ref, sku, 1)
    write(lambda on: receiving.undo(came.movement_id, ref, by=None, on=on))
    assert lines(ref)[0].received == 1
    assert [t.quantity for t in rows(PutAwayTask)] == [1]
    assert balances(sku_id=sku.id)[0].on_hand == 1
    with pytest.raises(Refused):
        write(lambda on: receiving.undo(came.movement_id, ref, by=None, on=on))
    entries = select(func.count()).select_from(StockEntry.__table__)
    assert db.session.scalar(entries.execution_options(**scope.CENTRE)) == 3


def test_several_vehicles_make_several_receipts(house, company):
    sku = make_sku(company)
    ref = make_arrived(house, company, said_line(sku, 10))
    receive(ref, sku, 4)
    write(lambda on: finishing.close_receipt(ref, by=None, on=on))
    receive(ref, sku, 6)
    assert finish(ref) == []
    assert [r.closed_at is not None for r in rows(Receipt)] == [True, True]


def test_an_empty_vehicle_is_all_short(house, company):
    sku = make_sku(company)
    ref = make_arrived(house, company, said_line(sku, 10))
    assert [(d.kind, d.quantity) for d in finish(ref)] == [("short", 10)]
    assert notice(ref).status == "completed"
    assert notice(ref).open_differences == 1


def test_nothing_is_received_after_it_was_finished(house, company):
    sku = make_sku(company)
    ref = make_arrived(house, company, said_line(sku, 10))
    receive(ref, sku, 10)
    finish(ref)
    with pytest.raises(Refused, match="finished"):
        receive(ref, sku)


def test_what_was_scanned_is_shared_between_the_lines_that_wait_for_it(house, company):
    sku = make_sku(company, lot_policy="lot")
    ref = make_arrived(
        house, company, said_line(sku, 5, lot="A"), said_line(sku, 5), said_line(sku, 5, lot="B")
    )
    came = receive(ref, sku, 8, lot="A")
    assert came.quantity == 8
    assert [line.received for line in lines(ref)] == [5, 3, 0]
    assert len(rows(ReceiptLine)) == 2
    write(lambda on: receiving.undo(came.movement_id, ref, by=None, on=on))
    assert [line.received for line in lines(ref)] == [0, 0, 0]


def test_lines_about_the_same_goods_are_added_up(house, company):
    sku = make_sku(company)
    ref = make_notice(house, company, said_line(sku, 5), said_line(sku, 7))
    assert [line.announced for line in lines(ref)] == [12]


def test_wrong_lines_are_named_and_nothing_is_written(house, company):
    sku = make_sku(company)
    wrong = [said_line(sku), said_line(sku, 0), said_line(make_sku(make_company()), 3)]
    with pytest.raises(Invalid) as refused:
        make_notice(house, company, *wrong)
    assert [each.field for each in refused.value.errors] == ["lines.1.quantity", "lines.2.sku"]
    assert rows(InboundNotice) == []


def test_the_same_order_ref_is_the_same_notice(house, company):
    sku = make_sku(company)
    one = make_notice(house, company, said_line(sku), order_ref="PO-1")
    assert make_notice(house, company, said_line(sku, 99), order_ref="PO-1") == one
    assert make_notice(house, make_company(), order_ref="PO-1", is_draft=True) != one


def test_who_received_does_not_count_again(house, company):
    person, sku = make_person(staff_role="warehouse"), make_sku(company)
    ref = make_arrived(house, company, said_line(sku, 10))
    receive(ref, sku, 8, by=person.id)
    finish(ref, by=person.id)
    (row,) = differences(ref)
    answer(ref, company, row.id, accept=False, note="We counted 10")
    with pytest.raises(Refused, match="Somebody else"):
        write(lambda on: again.recount(ref, row.id, Decimal(1), note="", by=person.id, on=on))
    other = make_person(staff_role="warehouse").id
    write(lambda on: again.recount(ref, row.id, Decimal(1), note="found one", by=other, on=on))
    assert balances(sku_id=sku.id)[0].on_hand == 9
    assert [(d.status, d.quantity) for d in differences(ref)] == [("open", 1)]


def differences(ref):
    return rows(Difference, notice_id=notice(ref).id)


def answer(ref, company, id_, **values):
    values = {"accept": True, "note": "", "by": None, "company_id": company.id} | values
    write(lambda on: finishing.answer(ref, id_, on=on, **values))


def test_the_owner_answers_line_by_line(house, company):
    one, two = make_sku(company), make_sku(company)
    ref = make_arrived(house, company, said_line(one, 10), said_line(two, 10))
    receive(ref, one, 8)
    finish(ref)
    short, missing = differences(ref)
    answer(ref, company, short.id)
    with pytest.raises(Invalid):
        answer(ref, company, missing.id, accept=False)
    with pytest.raises(Refused):
        answer(ref, company, short.id, accept=False, note="No")
    with pytest.raises(NotFound):
        answer(ref, make_company(), missing.id)
    assert [d.status for d in differences(ref)] == ["accepted", "open"]
    assert notice(ref).open_differences == 1


def test_declined_goods_are_sent_back(house, company):
    sku, other = make_sku(company), make_sku(company)
    ref = make_arrived(house, company, said_line(sku, 10))
    receive(ref, sku, 10)
    receive(ref, other, 5, confirmed={"unannounced"})
    finish(ref)
    (row,) = differences(ref)
    answer(ref, company, row.id, accept=False, note="Not ours to store")
    write(lambda on: again.send_back(ref, row.id, note="Driver took them", by=None, on=on))
    assert balances(sku_id=other.id)[0].on_hand == 0
    assert [d.status for d in differences(ref)] == ["settled"]
    assert [t.done_at is None for t in rows(PutAwayTask, sku_id=other.id)] == [False]


def test_the_clock_is_that_of_the_centre(house, company):
    sku = make_sku(company)
    ref = make_arrived(house, company, said_line(sku, 10))
    receive(ref, sku, said_at=clock.now() - timedelta(hours=3))
    assert clock.now() - rows(ReceiptLine)[0].at < timedelta(minutes=1)
    assert (
        db.session.scalar(
            select(func.count()).select_from(Sku.__table__).execution_options(**scope.CENTRE)
        )
        == 1
    )
