"""Where parties are: as orders are placed, drafted, imported, amended, and put right."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from portal.consignments import jobs
from portal.consignments.models import Address
from portal.consignments.queries.unsure import count_unsure, unsure_places
from portal.consignments.service import addresses, amending, drafts, locating, once, orders
from portal.consignments.service.orders import Origin
from portal.core import scope
from portal.core.db import db, transaction, write
from portal.core.errors import Invalid, Refused
from portal.core.events import EventRecord
from tests.factories import make_company, make_consignment, make_order, party, push, reload

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("app")]
NOWHERE = {"address": "1 Rue Inconnue", "city": "Qwxyzzy", "country": "FR", "postcode": None}


def position(no: str, side: str = "consignee") -> tuple:
    row = reload(no)
    return tuple(getattr(row, f"{side}_{name}") for name in ("lat", "lon", "confidence"))


def amend(no: str, **changes) -> None:
    with transaction():
        amending.amend(reload(no), changes, by=1, on=db.session.connection())


def correct(no: str, *at: float, side: str = "consignee") -> None:
    with transaction():
        locating.correct(reload(no), side, at, by=1, on=db.session.connection())


def entry_of(ref: str):
    query = select(Address.__table__).where(Address.__table__.c.ref == ref)
    return db.session.execute(query.execution_options(**scope.CENTRE)).one()


def test_an_order_is_placed_with_where_its_parties_are():
    no = make_consignment(consignee=party(address="天河区体育东路 1 号", city="广州")).no
    lat, lon, confidence = position(no)
    assert (lat, lon) == pytest.approx((23.12, 113.3), abs=0.1)
    assert confidence >= 0.5
    assert round(position(no, "consignor")[0]) == 30
    assert reload(no).unsure_places == 0


def test_given_co_ordinates_are_kept_and_believed():
    no = make_consignment(consignee=party(lat=30.2795, lon=120.0138)).no
    assert position(no) == (30.2795, 120.0138, 1.0)


def test_what_is_expected_follows_a_corrected_place():
    no = make_consignment(consignee=party(**NOWHERE)).no
    push(no, "picked_up")
    correct(no, 23.1, 113.3, 1.0)
    near = reload(no).delivery_estimated
    correct(no, 44.0, 81.3, 1.0)
    assert reload(no).delivery_estimated > near


def test_given_co_ordinates_far_from_the_address_are_asked_back():
    no = make_consignment(consignee=party(lat=23.1, lon=113.3)).no
    assert position(no) == (23.1, 113.3, 0.4)
    assert reload(no).unsure_places == 1


def test_given_co_ordinates_in_the_sea_are_asked_back():
    no = make_consignment(consignee=party(lat=20.0, lon=125.0)).no
    assert position(no)[2] == 0.2


def test_an_address_that_is_not_found_is_asked_back():
    no = make_consignment(consignee=party(**NOWHERE)).no
    assert position(no)[2] < 0.5
    assert reload(no).unsure_places == 1


def test_many_orders_at_once_are_placed_where_their_parties_are():
    company = make_company()
    made = write(
        lambda on: orders.create_many(
            [make_order(), make_order(consignee=party(**NOWHERE))],
            Origin(company.id, None, "import", "6901234"),
            on=on,
        )
    )
    assert [reload(each.no).unsure_places for each in made] == [0, 1]


def test_who_moves_is_looked_for_again():
    no = make_consignment(consignee=party(lat=30.2795, lon=120.0138)).no
    amend(
        no, consignee_city="广州", consignee_address="天河区体育东路 1 号", consignee_postcode=None
    )
    assert round(position(no)[0]) == 23
    assert position(no)[2] < 1


def test_who_only_changes_the_note_stays_where_he_was():
    no = make_consignment(consignee=party(lat=30.2795, lon=120.0138)).no
    amend(no, note="Ring twice")
    assert position(no) == (30.2795, 120.0138, 1.0)


def test_an_amendment_may_say_where_somebody_is():
    no = make_consignment().no
    amend(no, consignee_lat=30.2795, consignee_lon=120.0138)
    assert position(no) == (30.2795, 120.0138, 1.0)


def test_co_ordinates_that_are_taken_back_are_looked_for_again():
    no = make_consignment(consignee=party(lat=30.2795, lon=120.0138)).no
    amend(no, consignee_lat=None, consignee_lon=None)
    assert 0.5 <= position(no)[2] < 1


def test_a_draft_has_its_places_and_keeps_them_when_it_is_placed():
    company = make_company()
    origin = Origin(company.id, 1, "manual", "6901234")
    no = make_consignment(company, begins="draft", consignee=party(**NOWHERE)).no
    assert reload(no).unsure_places == 1
    with transaction():
        drafts.change(reload(no), make_order(begins="draft"), origin, on=db.session.connection())
    assert reload(no).unsure_places == 0
    with transaction():
        drafts.place(reload(no), by=1, on=db.session.connection())
    assert reload(no).status == "ordered"
    assert round(position(no)[0]) == 30


def test_a_place_is_put_right_and_told():
    no = make_consignment(consignee=party(**NOWHERE)).no
    correct(no, 48.8566, 2.3522, 1.0)
    assert position(no) == (48.8566, 2.3522, 1.0)
    assert reload(no).unsure_places == 0
    told = db.session.scalars(select(EventRecord).order_by(EventRecord.id.desc())).first()
    assert told.name == "consignment.amended"
    assert told.payload["fields"] == ["consignee_lat", "consignee_lon"]


@pytest.mark.parametrize("at", [(91, 0, 1.0), (0, 0, 1.0), (0, 181, 1.0), (120.2, 30.3, 1.0)])
def test_a_place_that_is_not_on_earth_is_refused(at):
    no = make_consignment().no
    with pytest.raises(Invalid):
        correct(no, *at)


def test_a_settled_consignment_stays_where_it_was():
    no = make_consignment().no
    push(no, "cancelled")
    with pytest.raises(Refused):
        correct(no, 48.8566, 2.3522, 1.0)


def test_the_queue_holds_what_is_under_way_and_unsure():
    make_consignment()
    make_consignment(begins="draft", consignee=party(**NOWHERE))
    gone = make_consignment(consignee=party(**NOWHERE)).no
    push(gone, "cancelled")
    first, second = (make_consignment(consignee=party(**NOWHERE)).no for _ in range(2))
    page = unsure_places(after=None, limit=1)
    assert [row.no for row in page.items] == [second]
    rest = unsure_places(after=page.next, limit=1)
    assert ([row.no for row in rest.items], rest.next) == ([first], None)
    assert count_unsure() == 2
    correct(first, 48.8566, 2.3522, 0.9)
    assert count_unsure() == 1


def test_an_entry_of_the_address_book_has_its_place():
    company = make_company()
    ref = write(lambda on: addresses.add(company.id, party(), by=1, on=on))
    entry = entry_of(ref)
    assert round(entry.lat) == 30
    assert 0.5 <= entry.confidence < 1
    with transaction():
        moved = party(city="广州", address="天河区体育东路 1 号")
        addresses.change(entry, moved, by=1, on=db.session.connection())
    assert round(entry_of(ref).lat) == 23


def test_an_entry_that_does_not_move_keeps_what_people_said():
    company = make_company()
    ref = write(lambda on: addresses.add(company.id, party(), by=1, on=on))
    with transaction():
        addresses.locate(entry_of(ref), (30.2795, 120.0138, 1.0), by=1, on=db.session.connection())
    with transaction():
        renamed = party(name="周敏 2")
        addresses.change(entry_of(ref), renamed, by=1, on=db.session.connection())
    entry = entry_of(ref)
    assert (entry.name, entry.lat, entry.confidence) == ("周敏 2", 30.2795, 1.0)


def test_the_next_order_to_an_address_takes_the_place_that_people_gave():
    company, origin_of = make_company(), lambda c: Origin(c.id, 1, "manual", "6901234")
    ref = write(lambda on: addresses.add(company.id, party(), by=1, on=on))
    with transaction():
        addresses.locate(entry_of(ref), (30.2795, 120.0138, 1.0), by=1, on=db.session.connection())
    order = make_order()
    no, _ = write(lambda on: once.create_once(order, origin_of(company), "k1", on=on))
    assert position(no) == (30.2795, 120.0138, 1.0)
    other = make_company()
    order = replace(order, order_ref="SO-other")
    foreign, _ = write(lambda on: once.create_once(order, origin_of(other), "k2", on=on))
    assert position(foreign)[2] < 1


def test_a_corrected_place_goes_to_all_entries_of_the_address():
    company = make_company()
    refs = [
        write(lambda on, name=name: addresses.add(company.id, party(name=name), by=1, on=on))
        for name in ("周敏", "前台")
    ]
    other = make_company()
    stranger = write(lambda on: addresses.add(other.id, party(), by=1, on=on))
    with transaction():
        at, on = (30.2795, 120.0138, 1.0), db.session.connection()
        assert addresses.put(company.id, party(), at, by=1, on=on) == 2
    assert {entry_of(ref).confidence for ref in refs} == {1.0}
    assert entry_of(stranger).confidence < 1


def test_what_was_ordered_before_there_were_places_is_located_by_a_command(app):
    no = make_consignment().no
    never = dict.fromkeys(("consignee_lat", "consignee_lon", "consignee_confidence"))
    with transaction():
        locating.write(reload(no), never, on=db.session.connection())
    assert position(no) == (None, None, None)
    assert jobs.locate_all() == 1
    assert round(position(no)[0]) == 30
    assert jobs.locate_all() == 0
    assert "0 consignments" in app.test_cli_runner().invoke(args=["places", "locate"]).output
