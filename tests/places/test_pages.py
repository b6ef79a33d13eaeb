"""Pages on which people say where an address is, for members and for the staff."""

import pytest
from sqlalchemy import event, select

from portal.consignments.models import Address
from portal.consignments.service import addresses
from portal.core import scope
from portal.core.db import db, write
from tests.api.bodies import PARTY, URL, fields_of, order
from tests.api.conftest import shipper
from tests.factories import (
    make_colleague,
    make_company,
    make_consignment,
    make_dispatcher,
    make_person,
    party,
    push,
    reload,
)

__all__ = ["shipper"]
GULOU = {"address": "鼓楼区中山路 1 号", "city": "鼓楼区", "postcode": None}
NOWHERE = {"address": "1 Rue Inconnue", "city": "Qwxyzzy", "country": "FR", "postcode": None}
HERE = {"choice": "own", "lat": "48.8566", "lon": "2.3522"}


@pytest.fixture
def company(app):
    return make_company()


@pytest.fixture
def owner(company, as_user):
    """Return the browser of the company's owner."""
    return as_user(make_colleague(company, locale="en"))


@pytest.fixture
def dispatcher(as_user):
    """Return the browser of a dispatcher."""
    return as_user(make_dispatcher(locale="en"))


def page_of(no: str, side: str = "consignee") -> str:
    return f"/portal/consignments/{no}/places/{side}"


def test_the_page_of_a_consignment_asks_for_an_unsure_place(owner, company):
    no = make_consignment(company, consignee=party(**NOWHERE)).no
    page = owner.get(f"/portal/consignments/{no}").text
    assert page_of(no) in page
    assert page_of(no, "consignor") not in page
    assert "places/" not in owner.get(f"/portal/consignments/{make_consignment(company).no}").text


def test_one_of_the_places_found_is_chosen(owner, company):
    no = make_consignment(company, consignee=party(**GULOU)).no
    assert reload(no).unsure_places == 1
    page = owner.get(page_of(no)).text
    assert page.count('name="choice"') >= 5
    number = next(
        n for n in range(8) if "Fuzhou" in page.split(f'id="choice-{n}"')[1].split("</label>")[0]
    )
    assert owner.post(page_of(no), data={"choice": str(number)}).status_code == 302
    row = reload(no)
    assert round(row.consignee_lat) == 26
    assert (row.consignee_confidence, row.unsure_places) == (0.9, 0)


def test_co_ordinates_are_written(owner, company):
    no = make_consignment(company, consignee=party(**NOWHERE)).no
    assert owner.post(page_of(no), data=HERE).status_code == 302
    row = reload(no)
    assert (row.consignee_lat, row.consignee_lon, row.consignee_confidence) == (48.8566, 2.3522, 1)


@pytest.mark.parametrize(
    ("lat", "lon", "value"),
    [
        ("48,8566", "2,3522", (48.8566, 2.3522)),
        ("48.8566° N", "2.3522 E", (48.8566, 2.3522)),
        ("４８．８", " 2.3 ", (48.8, 2.3)),  # noqa: RUF001 - full width is what is tested
        ("33.92 S", "18.42", (-33.92, 18.42)),
        ("-33.92", "+18.42", (-33.92, 18.42)),
    ],
)
def test_degrees_are_read_as_people_write_them(owner, company, lat, lon, value):
    no = make_consignment(company, consignee=party(**NOWHERE | {"country": None, "city": None})).no
    assert owner.post(page_of(no), data={"lat": lat, "lon": lon}).status_code == 302
    row = reload(no)
    assert (row.consignee_lat, row.consignee_lon) == value


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Choose one of the places"),
        ({"choice": "99"}, "Choose one of the places"),
        ({"choice": "²"}, "Choose one of the places"),
        ({"choice": "own"}, "Write degrees as a number"),
        ({"lat": "48.8"}, "Write degrees as a number"),
        ({"lat": "abc", "lon": "2"}, "Write degrees as a number"),
        ({"lat": "9" * 5000, "lon": "2"}, "At most 40 characters"),
        ({"lat": "nan", "lon": "inf"}, "Write degrees as a number"),
        ({"lat": "120.1", "lon": "30.2"}, "swapped"),
        ({"lat": "95", "lon": "170"}, "A latitude lies between"),
        ({"lat": "0", "lon": "0"}, "lies in the sea"),
        ({"lat": "20", "lon": "125"}, "perhaps in the sea"),
        ({"lat": "🚢", "lon": "\u202e2"}, "Write degrees as a number"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(owner, company, typed, said):
    no = make_consignment(company, consignee=party(**NOWHERE)).no
    reply = owner.post(page_of(no), data=typed)
    assert reply.status_code == 422
    assert said in reply.text
    assert reload(no).consignee_confidence < 0.5


def test_swapped_co_ordinates_in_range_are_known_by_the_city(owner, company):
    no = make_consignment(company, consignee=party(city="Berlin", country="DE", address="x")).no
    reply = owner.post(page_of(no), data={"lat": "13.41", "lon": "52.52"})
    assert "swapped" in reply.text


def test_an_unlikely_place_is_asked_back_and_may_be_right(owner, company):
    no = make_consignment(company).no
    typed = {"lat": "20", "lon": "125"}
    asked = owner.post(page_of(no), data=typed)
    assert (asked.status_code, 'name="sure"' in asked.text) == (422, True)
    assert owner.post(page_of(no), data=typed | {"sure": "y"}).status_code == 302
    assert reload(no).consignee_lat == 20


def test_the_address_book_keeps_the_place_when_asked(owner, company):
    no = make_consignment(company, consignee=party(**NOWHERE)).no
    write(lambda on: addresses.add(company.id, party(**NOWHERE), by=1, on=on))
    owner.post(page_of(no), data=HERE)
    assert confidence_in_book(company) < 0.5
    owner.post(page_of(no), data=HERE | {"book": "y"})
    assert confidence_in_book(company) == 1


def confidence_in_book(company) -> float:
    book = select(Address.__table__).where(Address.__table__.c.company_id == company.id)
    return db.session.execute(book.execution_options(**scope.of(company.id))).one().confidence


def test_the_place_of_a_settled_consignment_stays(owner, company):
    no = make_consignment(company, consignee=party(**NOWHERE)).no
    push(no, "cancelled")
    assert owner.get(page_of(no)).status_code == 409
    assert owner.post(page_of(no), data=HERE).status_code == 409
    assert page_of(no) not in owner.get(f"/portal/consignments/{no}").text


def test_a_stranger_finds_no_place_of_another_company(owner):
    no = make_consignment(consignee=party(**NOWHERE)).no
    other = make_company().id
    ref = write(lambda on: addresses.add(other, party(), by=1, on=on))
    for path in (page_of(no), f"/portal/addresses/{ref}/place"):
        assert owner.get(path).status_code == 404
        assert owner.post(path, data=HERE).status_code == 404
    assert owner.get(f"/desk/consignments/{no}/places/consignee").status_code == 403
    assert owner.get("/desk/places").status_code == 403
    assert owner.get(page_of(no, "carrier")).status_code == 404
    assert reload(no).unsure_places == 1


def test_a_viewer_may_not_put_a_place_right(as_user, company):
    no = make_consignment(company, consignee=party(**NOWHERE)).no
    viewer = as_user(make_colleague(company, "viewer"))
    assert viewer.get(page_of(no)).status_code == 403
    assert page_of(no) not in viewer.get(f"/portal/consignments/{no}").text


def test_an_entry_of_the_address_book_is_put_right(owner, company):
    ref = write(lambda on: addresses.add(company.id, party(**NOWHERE), by=1, on=on))
    path = f"/portal/addresses/{ref}/place"
    assert path in owner.get("/portal/addresses").text
    assert owner.get(path).status_code == 200
    assert owner.post(path, data={"lat": "x", "lon": "1"}).status_code == 422
    assert owner.post(path, data=HERE).status_code == 302
    assert confidence_in_book(company) == 1
    assert path not in owner.get("/portal/addresses").text


def test_the_desk_puts_places_right_from_its_queue(dispatcher):
    unsure, sure = make_consignment(consignee=party(**NOWHERE)).no, make_consignment().no
    queue = dispatcher.get("/desk/places").text
    assert unsure in queue
    assert sure not in queue
    path = f"/desk/consignments/{unsure}/places/consignee"
    assert f"{path}?from=queue" in queue
    assert path in dispatcher.get(f"/desk/consignments/{unsure}").text
    assert dispatcher.get(path).status_code == 200
    assert dispatcher.post(path, data={"choice": "77"}).status_code == 422
    reply = dispatcher.post(f"{path}?from=queue", data=HERE)
    assert reply.headers["Location"].endswith("/desk/places")
    assert reload(unsure).unsure_places == 0
    assert "Every place is known" in dispatcher.get("/desk/places").text


def test_the_queue_costs_the_same_for_one_and_for_many(dispatcher, db):
    def cost() -> int:
        seen = []
        event.listen(db.engine, "before_cursor_execute", lambda *words: seen.append(words[2]))
        assert dispatcher.get("/desk/places").status_code == 200
        return len(seen)

    make_consignment(consignee=party(**NOWHERE))
    dispatcher.get("/desk/places")
    one = cost()
    for _ in range(8):
        make_consignment(consignee=party(**NOWHERE))
    assert cost() == one


def test_staff_without_the_right_do_not_see_the_queue(as_user):
    assert as_user(make_person(staff_role="driver")).get("/desk/places").status_code == 403


def test_the_name_of_the_source_stands_where_places_are_shown(owner, dispatcher, company):
    no = make_consignment(company, consignee=party(**NOWHERE)).no
    assert "GeoNames" in owner.get(page_of(no)).text
    assert "GeoNames" in dispatcher.get("/desk/places").text


def test_a_program_is_told_where_parties_are_and_how_sure_that_is(shipper):
    made = shipper.post(URL, order()).json
    assert 0.5 <= made["consignee"]["confidence"] < 1
    given = order(order_ref="SO-2", consignee=PARTY | {"lat": 30.28, "lon": 120.02})
    told = shipper.post(URL, given).json["consignee"]
    assert (told["lat"], told["lon"], told["confidence"]) == (30.28, 120.02, 1.0)


@pytest.mark.parametrize(
    ("position", "field", "said"),
    [
        ({"lat": 120.02, "lon": 30.28}, "consignee.lat", "swapped"),
        ({"lat": 91, "lon": 170}, "consignee.lat", "between -90 and 90"),
        ({"lat": 30, "lon": 200}, "consignee.lon", "between -180 and 180"),
        ({"lat": 0, "lon": 0}, "consignee.lat", "in the sea"),
        ({"lat": 30.1}, "consignee.lon", "belong together"),
        ({"lat": "30.1", "lon": 1}, "consignee.lat", ""),
    ],
)
def test_a_program_is_told_which_co_ordinate_is_wrong(shipper, position, field, said):
    reply = shipper.post(URL, order(consignee=PARTY | position))
    assert reply.status_code == 422
    assert field in fields_of(reply)
    assert said in reply.text


def test_an_amendment_by_program_is_checked_too(shipper):
    no = shipper.post(URL, order()).json["no"]
    reply = shipper.patch(f"{URL}/{no}", {"consignee": {"lat": 120.02, "lon": 30.28}})
    assert (reply.status_code, fields_of(reply)) == (422, {"consignee.lat"})
    right = shipper.patch(f"{URL}/{no}", {"consignee": {"lat": 30.28, "lon": 120.02}})
    assert right.json["consignee"]["confidence"] == 1.0
