"""The member's home and the address book."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.consignments.models import Address
from portal.core import clock, scope
from portal.core.db import db as database
from tests.factories import (
    make_colleague,
    make_consignment,
    make_dispatcher,
    push,
    reload,
)

BOOK = "/portal/addresses"


@pytest.mark.parametrize(
    "path", ["/portal", "/portal/standing", "/portal/latest", "/portal/figures", BOOK]
)
def test_the_pages_are_for_members(path, browser, as_user):
    assert "/login" in browser.get(path).headers["Location"]
    assert as_user(make_dispatcher()).get(path).status_code == 403


def test_home_begins_with_the_first_order(owner):
    assert "Enter your first order" in owner.get("/portal").text


def test_home_shows_own_things_only(company, owner):
    own, foreign = make_consignment(company), make_consignment()
    page = owner.get("/portal").text
    assert own.no in page
    assert foreign.no not in page


def test_what_needs_attention_is_named(company, owner):
    late = make_consignment(company, window_to=clock.now() - timedelta(hours=1)).no
    wrong = make_consignment(company).no
    draft = make_consignment(company, begins="draft").no
    push(wrong, "pickup_assigned", occurred_at=clock.now() - timedelta(minutes=2))
    push(wrong, "pickup_failed")
    page = owner.get("/portal/standing").text
    assert "1 late" in page
    assert "1 draft" in page
    for no in (late, wrong, draft):
        assert f'/portal/consignments/{no}"' in page


def test_what_will_be_late_needs_attention_before_it_is(company, owner):
    soon = clock.now() + timedelta(days=4)
    no = make_consignment(company, window_to=soon).no
    assert "1 late" not in owner.get("/portal/standing").text
    push(no, "delivered", classifier="estimated", occurred_at=soon + timedelta(minutes=30))
    assert "1 late" in owner.get("/portal/standing").text


def test_when_nothing_needs_attention_it_says_so(company, owner):
    make_consignment(company)
    assert "All is well." in owner.get("/portal/standing").text


def test_home_costs_the_same_for_one_and_for_many(company, owner, statements):
    make_consignment(company, window_to=clock.now() - timedelta(hours=1))
    with statements() as for_one:
        owner.get("/portal")
    for _ in range(20):
        make_consignment(company, window_to=clock.now() - timedelta(hours=1))
    with statements() as for_many:
        owner.get("/portal")
    assert len(for_many) == len(for_one)


def _typed(**changes):
    form = {
        "name": "Nordwind GmbH",
        "phone": "040 123456",
        "address": "Hafenstr. 1",
        "city": "Hamburg",
        "country": "DE",
        "postcode": "20457",
    }
    return form | changes


def _entries():
    query = select(Address.__table__).order_by(Address.__table__.c.id)
    return database.session.execute(query.execution_options(**scope.CENTRE)).all()


def test_an_entry_is_added_changed_and_removed(owner):
    owner.post(f"{BOOK}/new", _typed())
    (entry,) = _entries()
    assert (entry.phone, entry.country) == ("+4940123456", "DE")
    owner.post(f"{BOOK}/{entry.ref}", _typed(city="Bremen"))
    assert _entries()[0].city == "Bremen"
    assert "Remove from the book" in owner.get(f"{BOOK}/{entry.ref}/remove").text
    assert len(_entries()) == 1
    owner.post(f"{BOOK}/{entry.ref}/remove")
    assert _entries() == []


def test_the_book_is_searched(owner):
    owner.post(f"{BOOK}/new", _typed())
    owner.post(f"{BOOK}/new", _typed(name="周敏", phone="13800006021", country="CN", city="杭州"))
    owner.get(BOOK)  # says once what was added
    page = owner.get(f"{BOOK}?q=杭").text
    assert "周敏" in page
    assert "Nordwind" not in page
    assert "No entry fits" in owner.get(f"{BOOK}?q=100%25").text


def test_the_book_has_pages(owner):
    for number in range(3):
        owner.post(f"{BOOK}/new", _typed(name=f"Firm {number}", address=f"Street {number}"))
    owner.get(BOOK)  # says once what was added
    first = owner.get(f"{BOOK}?limit=2").text
    assert "Firm 2" not in first
    after = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "Firm 2" in owner.get(after).text


def test_a_wrong_entry_is_named_and_kept_as_typed(owner):
    answer = owner.post(f"{BOOK}/new", _typed(phone="12", name="Kept"))
    assert answer.status_code == 422
    assert 'href="#phone"' in answer.text
    assert 'value="Kept"' in answer.text
    assert _entries() == []


@pytest.mark.parametrize("path", ["", "/remove"])
def test_a_strangers_entry_looks_missing(owner, as_user, path):
    owner.post(f"{BOOK}/new", _typed())
    ref = _entries()[0].ref
    stranger = as_user(make_colleague())
    assert stranger.get(f"{BOOK}/{ref}{path}").status_code == 404
    assert stranger.post(f"{BOOK}/{ref}{path}", _typed(city="Nowhere")).status_code == 404
    assert stranger.get(f"{BOOK}/A-MISSING{path}").status_code == 404
    assert _entries()[0].city == "Hamburg"


def test_rights_of_the_book(company, as_user):
    requester = as_user(make_colleague(company, "requester"))
    viewer = as_user(make_colleague(company, "viewer"))
    assert requester.get(BOOK).status_code == 200
    assert requester.post(f"{BOOK}/new", _typed()).status_code == 403
    assert viewer.get(BOOK).status_code == 403
    assert _entries() == []


def test_a_viewer_sees_home_without_what_he_may_not_do(company, as_user):
    make_consignment(company)
    page = as_user(make_colleague(company, "viewer")).get("/portal").text
    assert "New consignment" not in page
    assert "Address book" not in page


def test_removing_an_entry_leaves_consignments_as_they_were(company, owner):
    no = make_consignment(company).no
    owner.post(f"{BOOK}/new", _typed())
    owner.post(f"{BOOK}/{_entries()[0].ref}/remove")
    assert reload(no).consignee_name == "周敏"


def test_hostile_entries_stay_text(owner):
    evil = '"><script>alert(1)</script>'
    owner.post(f"{BOOK}/new", _typed(name=evil, address=evil, city=evil))
    ref = _entries()[0].ref
    for path in (BOOK, f"{BOOK}/{ref}", f"{BOOK}/{ref}/remove"):
        assert "<script>alert" not in owner.get(path).text


def test_the_book_costs_the_same_for_one_and_for_many(owner, statements):
    owner.post(f"{BOOK}/new", _typed())
    for path in (BOOK, "/portal/consignments/new"):
        owner.get(path)  # says once what was added
    with statements() as for_one:
        owner.get(BOOK)
        owner.get("/portal/consignments/new")
    for number in range(20):
        owner.post(f"{BOOK}/new", _typed(name=f"Firm {number}"))
    owner.get(BOOK)
    with statements() as for_many:
        owner.get(BOOK)
        owner.get("/portal/consignments/new")
    assert len(for_many) == len(for_one)
