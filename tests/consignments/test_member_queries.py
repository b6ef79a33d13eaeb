"""What members' pages read and write, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.consignments.queries import attention
from portal.consignments.queries.addresses import address_for, addresses_for, book_for, cities_for
from portal.consignments.queries.many import Filter, consignments_for
from portal.consignments.queries.newer import cursor_of, newer_for
from portal.consignments.queries.one import consignment_for, head_for, pieces_of
from portal.consignments.service import addresses, drafts, once, retractions
from portal.consignments.service.orders import Origin, Unit
from portal.core import clock
from portal.core.db import db, write
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.events import EventRecord
from tests.factories import (
    make_colleague,
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


@pytest.fixture
def company(app):
    return make_company()


@pytest.fixture
def user(company):
    return user_of(make_colleague(company), company)


@pytest.fixture
def origin(company, user):
    return Origin(company.id, user.person_id, "manual", "6901234")


@pytest.mark.parametrize("sort", ["newest", "changed", "planned", "ordered"])
def test_the_way_back_is_the_way_there(company, user, sort):
    for hours in (5, 1, 4, 2, 3):
        make_consignment(company, ordered_at=clock.now() - timedelta(hours=hours))
    wanted = Filter(sort=sort)
    first = consignments_for(user, wanted, limit=2)
    second = consignments_for(user, wanted, after=first.next, limit=2)
    back, more = newer_for(user, wanted, before=cursor_of(second.items[0], wanted), limit=2)
    assert [row.no for row in back.items] == [row.no for row in first.items]
    assert not more


def test_what_has_no_promise_comes_last_and_the_way_back_leads_over_it(company, user):
    promised = [make_consignment(company).no for _ in range(3)]
    past = [make_consignment(company, begins="delivered").no for _ in range(3)]
    wanted, pages, after = Filter(sort="planned"), [], None
    while not pages or after:
        page = consignments_for(user, wanted, after=after, limit=2)
        pages.append(page)
        after = page.next
    there = [row.no for page in pages for row in page.items]
    assert there == [*reversed(promised), *reversed(past)]
    back: list[str] = []
    cursor = cursor_of(pages[-1].items[-1], wanted)
    while cursor:
        page, more = newer_for(user, wanted, before=cursor, limit=2)
        back = [*(row.no for row in page.items), *back]
        cursor = cursor_of(page.items[0], wanted) if more else None
    assert back == there[:-1]


def test_the_way_back_shows_nothing_of_others(company, user):
    own = [make_consignment(company) for _ in range(2)]
    make_consignment()
    wanted = Filter()
    last = consignments_for(user, wanted, limit=10).items[-1]
    page, _more = newer_for(user, wanted, before=cursor_of(last, wanted))
    assert [row.no for row in page.items] == [own[1].no]


def test_late_is_what_should_be_there_or_will_not_be_in_time(company, user):
    now = clock.now()
    overdue = make_consignment(company, window_to=now - timedelta(hours=1)).no
    slow = make_consignment(company, window_to=now + timedelta(hours=1)).no
    make_consignment(company)
    make_consignment(company, begins="draft", window_to=now - timedelta(hours=1))
    make_consignment(company, begins="delivered", planned_delivery=now - timedelta(days=1))
    make_consignment(window_to=now - timedelta(hours=1))
    push(slow, "delivered", classifier="estimated", occurred_at=now + timedelta(hours=2))
    assert [row.no for row in attention.late_for(user)] == [overdue, slow]
    assert attention.late_count_for(user) == 2


def test_an_estimate_in_time_takes_the_worry_away(company, user):
    no = make_consignment(company, window_to=clock.now() + timedelta(hours=2)).no
    push(no, "delivered", classifier="estimated", occurred_at=clock.now() + timedelta(hours=1))
    assert attention.late_count_for(user) == 0


def test_wrong_is_what_left_its_way_or_has_an_incident(company, user):
    failed, hurt = make_consignment(company).no, make_consignment(company).no
    make_consignment(company)
    push(failed, "pickup_assigned", occurred_at=clock.now() - timedelta(minutes=1))
    push(failed, "pickup_failed")
    push(hurt, "incident", reason="damaged")
    assert {row.no for row in attention.wrong_for(user)} == {failed, hurt}


def test_an_owner_learns_nothing_of_an_internal_incident(company, user):
    no = make_consignment(company).no
    push(no, "incident", reason="damaged", published=False)
    row = reload(no)
    assert (row.open_incidents, row.owner_incidents) == (1, 0)
    assert attention.wrong_for(user) == []
    assert [r.no for r in attention.wrong_for(user_of(make_dispatcher()))] == [no]


def test_an_incident_that_is_withdrawn_counts_no_more(company):
    no, staff = make_consignment(company).no, user_of(make_dispatcher())
    for published in (True, False):
        wrong = push(no, "incident", reason="damaged", published=published).id
        write(
            lambda on, wrong=wrong: retractions.retract(
                head_for(staff, no, on=on), wrong, reason=None, by=1, source="manual", on=on
            )
        )
        assert (reload(no).open_incidents, reload(no).owner_incidents) == (0, 0)


def test_every_change_of_the_book_is_in_the_log(company, user):
    who = user.person_id
    ref = write(lambda on: addresses.add(company.id, party(), by=who, on=on))
    entry = address_for(user, ref)
    write(lambda on: addresses.change(entry, party(), by=who, on=on))
    write(lambda on: addresses.change(entry, party(name="李雷"), by=who, on=on))
    write(lambda on: addresses.remove(entry, by=who, on=on))
    about = (
        select(EventRecord).where(EventRecord.about == f"address:{ref}").order_by(EventRecord.id)
    )
    told = db.session.scalars(about).all()
    assert [each.name.partition(".")[2] for each in told] == ["added", "changed", "removed"]
    assert {each.actor_id for each in told} == {who}
    assert told[1].payload["fields"] == ["name"]


def test_the_book_is_searched_and_paged(company, user):
    for name, city in (("周敏", "杭州"), ("Nordwind", "Hamburg"), ("100 % Holz", "Bremen")):
        write(
            lambda on, n=name, c=city: addresses.add(
                company.id, party(name=n, city=c), by=None, on=on
            )
        )
    first = addresses_for(user, limit=2)
    rest = addresses_for(user, after=first.next, limit=2)
    assert len(first.items) + len(rest.items) == 3
    assert [e.name for e in addresses_for(user, text="hamb").items] == ["Nordwind"]
    assert [e.name for e in addresses_for(user, text="%").items] == ["100 % Holz"]
    assert sorted(cities_for(user)) == ["Bremen", "Hamburg", "杭州"]


def test_the_same_entry_is_kept_once(company, user):
    refs = {write(lambda on: addresses.add(company.id, party(), by=None, on=on)) for _ in range(2)}
    assert len(refs) == 1
    assert len(book_for(user)) == 1


def test_another_companys_entry_looks_missing(company, user):
    other = make_company().id
    ref = write(lambda on: addresses.add(other, party(), by=None, on=on))
    with pytest.raises(NotFound):
        address_for(user, ref)
    assert book_for(user) == []


def test_a_viewer_has_no_book(company):
    viewer = user_of(make_colleague(company, "viewer"), company, "viewer")
    with pytest.raises(NotFound):
        addresses_for(viewer)
    assert book_for(viewer) == []


def test_one_key_makes_one_consignment(company, origin):
    order = make_order()
    first = write(lambda on: once.create_once(order, origin, "k", on=on))
    again = write(lambda on: once.create_once(order, origin, "k", on=on))
    assert (first[1], again) == (True, (first[0], False))


def test_another_persons_key_is_another_key(company, origin):
    other = Origin(company.id, (origin.person_id or 0) + 1000, "manual", "6901234")
    first = write(lambda on: once.create_once(make_order(), origin, "k", on=on))
    second = write(lambda on: once.create_once(make_order(), other, "k", on=on))
    assert first[0] != second[0]
    assert second[1]


def test_a_placed_draft_counts_its_promise_from_now(company, user):
    no = make_consignment(company, begins="draft", ordered_at=clock.now() - timedelta(days=9)).no
    draft = consignment_for(user, no)
    write(lambda on: drafts.place(draft, by=user.person_id, on=on))
    now = reload(no)
    assert (now.status, now.status_seq) == ("ordered", 2)
    assert now.delivery_planned > clock.now()
    assert now.ordered_at > clock.now() - timedelta(minutes=1)


def test_what_lacks_a_consignee_is_not_placed(company, user):
    no = make_consignment(company, begins="draft", consignee=party(phone=None)).no
    draft = consignment_for(user, no)
    with pytest.raises(Invalid):
        write(lambda on: drafts.place(draft, by=user.person_id, on=on))
    assert reload(no).status == "draft"


def test_a_draft_is_written_anew(company, user, origin):
    no = make_consignment(company, begins="draft").no
    pieces = [Unit(goods="book", weight_g=700), Unit(goods="pen", weight_g=20)]
    order = make_order(
        begins="draft", pieces=pieces, service="express", consignee=party(name="李雷")
    )
    draft = consignment_for(user, no)
    write(lambda on: drafts.change(draft, order, origin, on=on))
    now = reload(no)
    assert (now.no, now.service, now.piece_count, now.gross_weight_g) == (no, "express", 2, 720)
    assert [piece.goods for piece in pieces_of(now)] == ["book", "pen"]
    assert [row.no for row in consignments_for(user, Filter(text="李雷")).items] == [no]


def test_only_a_draft_is_written_anew(company, user, origin):
    ordered = consignment_for(user, make_consignment(company).no)
    with pytest.raises(Refused):
        write(lambda on: drafts.change(ordered, make_order(), origin, on=on))
