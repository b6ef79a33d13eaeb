"""Two companies become one, and two again: everything moves, nothing is lost, counts are right."""

from contextlib import suppress
from datetime import timedelta
from random import Random

import pytest
import time_machine
from sqlalchemy import select, text

from portal.accounts import merging as parts
from portal.accounts.models import ApiKey, Company, Membership, SignIn
from portal.accounts.service import merging
from portal.consignments.models import Address, Consignment, Piece
from portal.consignments.service import recount
from portal.core import clock, scope
from portal.core.db import Base, db, is_sqlite, transaction
from portal.core.errors import PortalError, Refused
from portal.core.events import EventRecord
from portal.live import log, verification
from tests.enquiries.made import make_message
from tests.factories import (
    make_colleague,
    make_company,
    make_consignment,
    make_person,
    push,
    reload,
    user_of,
)
from tests.register.made import (
    company,
    everything,
    findable,
    invite,
    key,
    make_staff,
    merge,
    note,
    undo,
    work,
)

pytestmark = pytest.mark.both_databases
CODES = ("picked_up", "hub_arrived", "dest_city", "out_for_delivery", "delivered", "incident")


def rows(model, **equal):
    wanted = select(model).filter_by(**equal).execution_options(**scope.CENTRE)
    return db.session.scalars(wanted.execution_options(populate_existing=True)).all()


def assert_counted():
    """Every counter equals a recount."""
    db.session.rollback()
    assert [str(each) for each in recount.differences(db.session.connection())] == []
    db.session.rollback()


def furnish(of: Company, rng: Random, staff, person):
    """Give a company something of everything."""
    for _ in range(rng.randrange(1, 5)):
        made = make_consignment(of)
        for code in CODES[: rng.randrange(len(CODES) + 1)]:
            with suppress(PortalError):
                push(made.no, code)
    for number in range(rng.randrange(3)):
        note(of, f"Note {number}", staff)
    if rng.random() < 0.7:
        invite(of, f"new{rng.random()}@partner.example", person)
    for _ in range(rng.randrange(3)):
        make_message(of, person)
    key(person, of)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_merging_and_undoing_leaves_every_table_as_it_was(app, seed):
    rng, staff = Random(seed), make_staff()
    one, other = make_company(name="海川贸易"), make_company(name="海川贸易有限公司", city="宁波")
    people = [make_colleague(one), make_colleague(other, "operations")]
    with transaction():  # one works for both
        db.session.add(
            Membership(
                person_id=people[0].id, company_id=other.id, role="viewer", created_at=clock.now()
            )
        )
    for each, person in zip((one, other), people, strict=True):
        furnish(each, rng, staff, person)
    before = everything()
    made = merge(one, other, staff, taken=("name", "city", "consignor"))
    assert_counted()
    assert everything() != before
    undo(made, staff)
    assert_counted()
    assert everything() == before


def test_what_one_had_stands_at_the_other(app):
    staff, kept = make_staff(), make_company(name="Pearl Tech")
    gone = make_company(name="Pearl Technology")
    person = make_colleague(gone)
    no, mine = make_consignment(gone).no, make_consignment(kept).no
    message = make_message(gone, person)
    note(gone, "Ask for Ms Liang.", staff)
    merge(gone, kept, staff)
    assert {row.no for row in rows(Consignment, company_id=kept.id)} == {no, mine}
    assert len(rows(Piece, company_id=kept.id)) == 2
    assert rows(Membership, company_id=gone.id) == []
    moved = parts.rows_of(gone.id, db.session.connection())
    assert moved == []
    found = db.session.execute(
        text("SELECT company_id FROM message WHERE ref = :ref"), {"ref": message.ref}
    )
    assert found.scalar_one() == kept.id
    assert company(gone.ref).lifecycle == "closed"
    assert company(gone.ref).merged_into_id == kept.id
    assert_counted()


def test_what_moved_is_found_by_its_words_and_can_be_worked_on(app):
    staff, kept, gone = make_staff(), make_company(), make_company()
    no = make_consignment(gone, order_ref="PO-4711").no
    push(no, "picked_up", source_event_id="scan-1")
    merge(gone, kept, staff)
    assert findable("4711", kept.id) == [reload(no).id]
    assert findable("4711", gone.id) == []
    again = push(no, "picked_up", source_event_id="scan-1")
    assert again.duplicate
    push(no, "hub_arrived")
    assert_counted()
    assert reload(no).status == "hub_arrived"


def test_the_log_still_agrees_with_history_after_a_merge_and_its_undoing(app):
    staff, kept, gone = make_staff(), make_company(), make_company()
    make_consignment(kept, order_ref="SAME")
    no = make_consignment(gone, order_ref="SAME").no
    push(no, "picked_up")
    made = merge(gone, kept, staff)
    push(no, "hub_arrived")
    relay()
    assert verification.verify().broken is None
    undo(made, staff)
    push(no, "hub_departed")
    relay()
    assert verification.verify().broken is None


def relay():
    while log.relay_once():
        pass


def test_equal_order_numbers_are_named_first_and_both_consignments_stay(app):
    staff, kept, gone = make_staff(), make_company(), make_company()
    first = make_consignment(kept, order_ref="PO-1").no
    second = make_consignment(gone, order_ref="PO-1").no
    (clash,) = [each for each in merging.clashes(gone, kept) if each.needs_consent]
    assert clash.names == ("PO-1",)
    with pytest.raises(Refused), transaction():
        merging.merge(gone, kept, taken=frozenset(), consented=False, by=staff.id)
    made = merge(gone, kept, staff)
    assert reload(first).order_ref == "PO-1"
    assert reload(second).order_ref == f"PO-1-{gone.ref}"
    assert findable(gone.ref, kept.id) == [reload(second).id]
    undo(made, staff)
    assert reload(second).order_ref == "PO-1"


def test_sign_ins_and_keys_of_the_company_that_goes_end(app, as_user, with_key):
    staff, kept, gone = make_staff(), make_company(), make_company()
    person = make_colleague(gone)
    page = as_user(person)
    key(person, gone)
    assert page.get("/portal/company/").status_code == 200
    made = merge(gone, kept, staff)
    assert page.get("/portal/company/").status_code == 302
    assert [each.ended_at is None for each in rows(SignIn, person_id=person.id)] == [False]
    (only,) = rows(ApiKey)
    assert only.revoked_at is not None
    assert f">{kept.name}<" in as_user(person).get("/portal/company/").text
    undo(made, staff)
    (only,) = rows(ApiKey)
    assert only.revoked_at is None
    assert only.company_id == gone.id


def test_a_person_of_both_keeps_the_role_where_the_company_stays(app):
    staff, kept, gone = make_staff(), make_company(), make_company()
    person = make_colleague(kept, "owner", name="陆嘉宁")
    with transaction():
        db.session.add(
            Membership(
                person_id=person.id, company_id=gone.id, role="viewer", created_at=clock.now()
            )
        )
    assert any("陆嘉宁 (Owner)" in each.names for each in merging.clashes(gone, kept))
    merge(gone, kept, staff)
    assert [each.role for each in rows(Membership, company_id=kept.id)] == ["owner"]
    assert [each.role for each in rows(Membership, company_id=gone.id)] == ["viewer"]


def test_what_came_after_the_merge_stays_when_it_is_undone(app):
    staff, kept, gone = make_staff(), make_company(), make_company()
    old = make_consignment(gone).no
    made = merge(gone, kept, staff)
    new = make_consignment(kept).no
    push(old, "picked_up")
    undo(made, staff)
    assert reload(new).company_id == kept.id
    assert reload(old).company_id == gone.id
    assert reload(old).status == "picked_up"
    assert_counted()


def test_details_are_taken_over_and_given_back_unless_changed_since(app):
    staff = make_staff()
    kept, gone = make_company(name="A", city=None), make_company(name="B", city="宁波")
    made = merge(gone, kept, staff, taken=("name", "city"))
    assert (company(kept.ref).name, company(kept.ref).city) == ("B", "宁波")
    with transaction():
        company(kept.ref).city = "杭州"
    undo(made, staff)
    assert (company(kept.ref).name, company(kept.ref).city) == ("A", "杭州")


def test_much_moves_by_a_job_in_batches_and_back(app, monkeypatch):
    monkeypatch.setattr(merging, "MANY", 3)
    monkeypatch.setattr(merging, "BATCH", 2)
    staff, kept, gone = make_staff(), make_company(), make_company()
    make_colleague(gone)
    for _ in range(5):
        push(make_consignment(gone).no, "picked_up")
    before = everything()
    made = merge(gone, kept, staff)
    assert merging.merge_of(made).state == "running"
    assert company(gone.ref).lifecycle == "closed"
    with pytest.raises(Refused):
        undo(made, staff)
    work()
    assert merging.merge_of(made).state == "done"
    assert merging.merge_of(made).moved == merging.merge_of(made).total == 6
    assert_counted()
    undo(made, staff)
    assert merging.merge_of(made).state == "undoing"
    work()
    assert merging.merge_of(made).state == "undone"
    assert_counted()
    after = everything()
    assert {name for name in before if before[name] != after[name]} == set()


def test_a_job_that_died_half_way_goes_on_where_it_was(app, monkeypatch):
    monkeypatch.setattr(merging, "MANY", 1)
    monkeypatch.setattr(merging, "BATCH", 1)
    staff, kept, gone = make_staff(), make_company(), make_company()
    for _ in range(3):
        make_consignment(gone)
    made = merging.merge_of(merge(gone, kept, staff))
    with transaction():
        merging.step(merging.merge_of(made.ref, lock=True))
    assert len(rows(Consignment, company_id=kept.id)) == 1
    assert_counted()
    work()
    assert len(rows(Consignment, company_id=kept.id)) == 3
    assert merging.merge_of(made.ref).state == "done"


def test_no_company_becomes_a_part_of_itself_or_of_two(app):
    staff, one, two, three = make_staff(), make_company(), make_company(), make_company()
    with pytest.raises(Refused):
        merge(one, one, staff)
    merge(one, two, staff)
    with pytest.raises(Refused):
        merge(one, three, staff)
    with pytest.raises(Refused):
        merge(three, one, staff)


def test_merges_are_undone_the_last_first(app):
    staff, one, two, three = make_staff(), make_company(), make_company(), make_company()
    no = make_consignment(one).no
    first = merge(one, two, staff)
    second = merge(two, three, staff)
    with pytest.raises(Refused):
        undo(first, staff)
    undo(second, staff)
    undo(first, staff)
    assert reload(no).company_id == one.id
    with pytest.raises(Refused):
        undo(first, staff)


def test_after_thirty_days_it_stays_so(app):
    staff, kept, gone = make_staff(), make_company(), make_company()
    made = merge(gone, kept, staff)
    with time_machine.travel(clock.now() + timedelta(days=31)), pytest.raises(Refused):
        undo(made, staff)


def test_the_log_tells_of_the_merge_and_of_its_undoing(app):
    staff, kept, gone = make_staff(), make_company(), make_company()
    undo(merge(gone, kept, staff), staff)
    told = db.session.scalars(
        select(EventRecord)
        .where(EventRecord.about == f"company:{kept.ref}")
        .order_by(EventRecord.id)
    )
    names = [each.name for each in told]
    assert names == ["company.merge_begun", "company.merged", "company.merge_undone"]


def test_every_table_that_names_a_company_moves_or_is_known_to_stay(app):
    stays = {
        "sign_in",  # ended
        "event",  # says for whom it was
        "tracking_event",
        "attachment",
        "onboarding",
        "status_count",  # counted with what moves
        "delivery_figure",
        "open_count",
        "estimate_figure",
        "incident_count",
        "incident_figure",
        "point_entry",  # says for whom it was earned
    }
    stock = {  # goods are handed over from one to the other, never renamed
        "sku",
        "sku_unit",
        "goods_import",
        "kit_recipe",
        "kit_component",
        "kit_order",
        "kit_line",
        "kit_run",
        "lot",
        "handling_unit",
        "balance",
        "stock_total",
        "movement",
        "stock_entry",
        "stock_snapshot",
        "stock_day",
        "stock_alert",
        "stock_wish",
        "stock_certificate",
        "allocation",
        "dock_booking",
        "inbound_notice",
        "notice_line",
        "inbound_file",
        "receipt",
        "receipt_line",
        "inbound_difference",
        "put_away_task",
        "outbound_order",
        "outbound_line",
        "outbound_sheet",
        "outbound_step",
        "pick_task",
        "pick_short",
        "carton",
        "carton_content",
        "restock_task",
        "shipment",
        "pick_face",
        "move_task",
        "lot_hold",
        "stock_doubt",
        "count_line",
        "count_tally",
        "count_rhythm",
        "goods_return",
        "return_line",
        "return_part",
        "return_rule",
    }
    with_parents = {"message_entry", "message_file", "call_attempt", "incident", "incident_step"}
    with_consignments = {"piece", "share_link", "evidence_pack"}
    moved = {part.name for part in parts.parts()} | with_parents | with_consignments
    names = {name for name, table in Base.metadata.tables.items() if "company_id" in table.c}
    assert names - moved - stays - stock == set()


def test_addresses_move(app):
    staff, kept, gone = make_staff(), make_company(), make_company()
    person = make_colleague(gone)
    assert user_of(person, gone).company_id == gone.id
    with transaction():
        db.session.add(
            Address(
                ref="A1",
                company_id=gone.id,
                name="周敏",
                phone="+8613800006021",
                address="文一西路 998 号",
                city="杭州",
                country="CN",
                created_at=clock.now(),
            )
        )
    merge(gone, kept, staff)
    assert [each.ref for each in rows(Address, company_id=kept.id)] == ["A1"]


def test_two_merges_of_one_company_at_once_do_not_both_happen(app):
    if is_sqlite(db.session.connection()):
        return
    staff, kept, gone = make_staff(), make_company(), make_company()
    with transaction():
        merging.merge(
            company(gone.ref), company(kept.ref), taken=frozenset(), consented=True, by=staff.id
        )
    with pytest.raises(Refused), transaction():
        merging.merge(
            company(gone.ref), company(kept.ref), taken=frozenset(), consented=True, by=staff.id
        )


def test_somebody_without_a_company_is_not_touched(app):
    staff, kept, gone = make_staff(), make_company(), make_company()
    make_person()
    merge(gone, kept, staff)
    assert len(rows(SignIn)) == 0
