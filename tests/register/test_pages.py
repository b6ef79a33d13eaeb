"""The register in the browser: finding, keeping views, notes, one company, merging two."""

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.models import Company, SavedView
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.events import EventRecord
from tests.consignments.conftest import statements
from tests.enquiries.made import make_message
from tests.factories import make_colleague, make_company, make_consignment, make_dispatcher
from tests.register.made import company, key, make_staff, merge, note

__all__ = ["statements"]
URL = "/desk/companies/"


@pytest.fixture
def manager(app):
    return make_staff()


@pytest.fixture
def desk(manager, as_user):
    """Return the browser of a manager."""
    return as_user(manager)


def known(name, **values):
    """Make a company with these columns."""
    made = make_company(name=name, **{k: values.pop(k) for k in ("city", "country") if k in values})
    with transaction():
        row = company(made.ref)
        for column, value in values.items():
            setattr(row, column, value)
    return made


def days_ago(days):
    return clock.now().astimezone(clock.zone()).date() - timedelta(days=days)


def names(page):
    """Return the names in the list, in order."""
    parts = page.split('class="at-start lines"><a href="/desk/companies/')[1:]
    return [part.partition(">")[2].partition("<")[0] for part in parts]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("standing=suspended", ["B"]),
        ("country=DE", ["A"]),
        ("country=de", ["A"]),
        ("place=宁波", ["C"]),
        ("place=浙江", ["C"]),
        ("kind=supplier", ["B"]),
        ("manager=nobody", ["C", "B", "A"]),
        ("manager=x", []),
        ("terms=net30", ["B"]),
        ("tariff=T1", ["A"]),
        ("confirm=overdue", ["A"]),
        ("confirm=due", ["C", "A"]),
        ("sort=name", ["A", "B", "C"]),
        ("sort=confirmed", ["A", "B", "C"]),
        ("since=2999-01-01", []),
        ("until=2000-01-01", []),
        ("since=nonsense", ["C", "B", "A"]),
        ("q=hamburg", ["A"]),
        ("q=nothing+of+this", []),
        ("standing=member&country=CN", ["C"]),
    ],
)
def test_the_list_shows_what_fits_its_address(desk, query, found):
    known("A", city="Hamburg", country="DE", tariff="T1", confirmed_on=days_ago(400))
    known(
        "B",
        kinds=["shipper", "supplier"],
        lifecycle="suspended",
        payment_terms="net30",
        confirmed_on=days_ago(390),
    )
    known("C", city="宁波", region="浙江", confirmed_on=days_ago(340))
    assert names(desk.get(f"{URL}?{query}").text) == found


@pytest.mark.parametrize("sort", ["newest", "name", "confirmed"])
def test_pages_go_on_where_the_last_ended_in_every_order(desk, sort):
    for number in (3, 1, 4, 0, 2):
        known(f"Firm {number}", confirmed_on=days_ago(number) if number else None)
    seen, link = [], f"{URL}?limit=2&sort={sort}"
    while link:
        page = desk.get(link).text
        seen += names(page)
        link = page.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert sorted(seen) == [f"Firm {number}" for number in range(5)]
    assert len(seen) == 5


@pytest.mark.parametrize("after", ["nonsense", "WyJhIiwxXQ", "W10", "WzFd"])
def test_a_marker_of_another_order_is_refused(desk, after):
    known("A")
    assert desk.get(f"{URL}?sort=confirmed&after={after}").status_code == 422


@pytest.mark.parametrize(
    "query",
    ["q=%00", "place='", "kind=%5B", "manager=99999999999999999999", "country=" + "x" * 999],
)
def test_strange_conditions_find_nothing_and_break_nothing(desk, query):
    known("A", city=None)
    reply = desk.get(f"{URL}?{query}")
    assert reply.status_code == 200


def test_a_list_costs_the_same_however_long_it_is(desk, statements):
    def cost(number):
        for each in range(number):
            make_colleague(known(f"Firm {number} {each}"))
        desk.get(URL)
        with statements() as seen:
            desk.get(URL)
        return len(seen)

    assert cost(2) == cost(12) <= 20


def test_a_page_of_a_company_costs_the_same_however_much_it_has(desk, manager, statements):
    def cost(number):
        made = known(f"Firm {number}")
        person = make_colleague(made)
        for each in range(number):
            make_consignment(made)
            make_message(made, person)
            note(made, f"Note {each}", manager)
        with statements() as seen:
            assert desk.get(f"{URL}{made.ref}").status_code == 200
        return len(seen)

    assert cost(2) == cost(6) <= 40


def test_a_view_is_kept_renamed_shared_opened_with_and_deleted(desk, as_user):
    known("A", city="宁波")
    known("B")
    desk.post(f"{URL}views", {"name": "Ningbo", "query": "place=宁波&evil=1", "default": "1"})
    view = db.session.scalars(select(SavedView)).one()
    assert view.query == "place=%E5%AE%81%E6%B3%A2"
    assert desk.get(URL).location == f"{URL}?{view.query}"
    assert names(desk.get(desk.get(URL).location).text) == ["A"]
    assert names(desk.get(f"{URL}?all=1").text) == ["B", "A"]
    other = as_user(make_staff("sales"))
    assert "Ningbo" not in other.get(URL).text
    assert other.post(f"{URL}views/{view.ref}/default", {"default": "1"}).status_code == 404
    desk.post(f"{URL}views/{view.ref}", {"name": "At the port", "shared": "1"})
    assert "At the port" in other.get(URL).text
    assert other.get(f"{URL}views/{view.ref}").status_code == 404
    assert other.post(f"{URL}views/{view.ref}/delete").status_code == 404
    other.post(f"{URL}views/{view.ref}/default", {"default": "1"})
    assert other.get(URL).status_code == 302
    desk.post(f"{URL}views/{view.ref}/delete")
    assert other.get(URL).status_code == 200
    assert db.session.scalar(select(SavedView)) is None


def test_a_view_that_is_no_longer_shared_opens_nobody_elses_list(desk, as_user):
    desk.post(f"{URL}views", {"name": "A", "query": "standing=member", "shared": "1"})
    ref = db.session.scalars(select(SavedView)).one().ref
    other = as_user(make_staff("sales"))
    other.post(f"{URL}views/{ref}/default", {"default": "1"})
    desk.post(f"{URL}views/{ref}", {"name": "A"})
    assert other.get(URL).status_code == 200


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "\x00"])
def test_a_view_needs_a_name(desk, name):
    desk.post(f"{URL}views", {"name": name, "query": "standing=member"})
    assert db.session.scalar(select(SavedView)) is None


def test_two_views_of_one_person_have_two_names(desk):
    for name in ("A", "B"):
        desk.post(f"{URL}views", {"name": name, "query": "standing=member"})
    ref = db.session.scalars(select(SavedView).where(SavedView.name == "B")).one().ref
    assert desk.post(f"{URL}views/{ref}", {"name": "A"}).status_code == 422


def test_notes_are_written_changed_by_their_writer_and_pinned(desk, as_user):
    ref = make_company().ref
    desk.post(f"{URL}{ref}/notes", {"text": "Ask <b>Ms Liang</b> first."})
    page = desk.get(f"{URL}{ref}").text
    assert "Ask &lt;b&gt;Ms Liang&lt;/b&gt; first." in page
    way = page.partition(f'href="{URL}{ref}/notes/')[2].partition('"')[0]
    other = as_user(make_staff("sales"))
    assert other.get(f"{URL}{ref}/notes/{way}").status_code == 403
    assert other.post(f"{URL}{ref}/notes/{way}", {"text": "No."}).status_code == 403
    desk.post(f"{URL}{ref}/notes/{way}", {"text": "Ask Mr Liang first."})
    other.post(f"{URL}{ref}/notes/{way}/pin", {"pinned": "1"})
    page = desk.get(f"{URL}{ref}").text
    assert "Ask Mr Liang first." in page
    assert "pinned" in page
    assert desk.post(f"{URL}{ref}/notes/{way}", {"text": " "}).status_code == 422


def test_a_note_of_another_company_is_not_found_by_this_ones_address(desk, manager):
    one, other = make_company(), make_company()
    ref = note(one, "A note", manager)
    assert desk.get(f"{URL}{other.ref}/notes/{ref}").status_code == 404


def test_notes_never_reach_the_member(manager, as_user):
    made = make_company()
    note(made, "secret thing", manager)
    member = as_user(make_colleague(made))
    for path in ("/portal/", "/portal/company/", f"/portal/company/?ref={made.ref}"):
        assert "secret thing" not in member.get(path).text


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("manager", ("consignments", "messages", "applications", "notes")),
        ("dispatcher", ("consignments", "messages", "notes")),
        ("marketing", ("messages",)),
        ("warehouse", ("consignments",)),
    ],
)
def test_each_section_is_shown_by_its_right_alone(app, as_user, role, sees):
    made = make_company()
    make_consignment(made)
    make_message(made, make_colleague(made))
    page = as_user(make_staff(role)).get(f"{URL}{made.ref}").text
    for name in ("consignments", "messages", "notes"):
        assert (f'id="{name}"' in page) is (name in sees), name


@pytest.mark.parametrize(
    "path",
    [
        "",
        "new",
        "views",
        "duplicates",
        "{ref}",
        "{ref}/edit",
        "{ref}/merge",
        "merges/GNONE",
        "{ref}/notes/NNONE",
    ],
)
def test_members_and_visitors_do_not_come_here(app, as_user, browser, path):
    made = make_company()
    way = URL + path.format(ref=made.ref)
    assert as_user(make_colleague(made)).get(way).status_code == 403
    assert browser.get(way).status_code == 302


@pytest.mark.parametrize("what", ["merge", "edit", "duplicates"])
def test_those_without_the_right_neither_merge_nor_edit(app, as_user, what):
    made = make_company()
    path = "duplicates" if what == "duplicates" else f"{made.ref}/{what}"
    assert as_user(make_dispatcher()).get(URL + path).status_code == 403
    assert as_user(make_dispatcher()).post(URL + path, {"with": "C1"}).status_code in (403, 405)


@pytest.mark.parametrize(
    "path", ["CNOPE", "CNOPE/edit", "CNOPE/merge", "merges/GNOPE", "views/VNOPE"]
)
def test_what_is_not_there_is_not_found(desk, path):
    assert desk.get(URL + path).status_code == 404


def test_terms_are_changed_and_the_history_says_from_what_to_what(desk, manager):
    made = make_company(name="Nordwind")
    form = {
        "name": "Nordwind",
        "country": "DE",
        "city": "Hamburg",
        "terms": "net30",
        "manager": str(manager.id),
        "kinds": ["shipper", "carrier"],
        "attempt_limit": "2",
        "sender_country": "CN",
        "tariff": "",
    }
    assert desk.post(f"{URL}{made.ref}/edit", form).status_code == 302
    page = desk.get(f"{URL}{made.ref}").text
    assert "Terms of payment: — → 30 days" in page
    assert f"Account manager: — → {manager.name}" in page
    now = company(made.ref)
    assert (now.payment_terms, now.attempt_limit, now.kinds) == ("net30", 2, ["shipper", "carrier"])
    assert names(desk.get(f"{URL}?q=hamburg").text) == ["Nordwind"]
    assert 'value="carrier" checked' in desk.get(f"{URL}{made.ref}/edit").text


@pytest.mark.parametrize(
    "wrong", [{"terms": "never"}, {"manager": "0"}, {"tariff": "T0"}, {"attempt_limit": "0"}]
)
def test_terms_that_nobody_offers_are_refused(desk, wrong):
    made = make_company(name="Nordwind")
    form = {"name": "N", "country": "DE", "sender_country": "CN", "attempt_limit": "3"} | wrong
    assert desk.post(f"{URL}{made.ref}/edit", form).status_code == 422
    assert company(made.ref).name == "Nordwind"


def test_two_are_merged_in_the_browser_and_the_old_reference_leads_to_the_other(desk):
    kept, gone = make_company(name="Pearl Tech"), make_company(name="Pearl Technology", city="广州")
    make_consignment(gone)
    page = desk.get(f"{URL}{kept.ref}/merge?with={gone.ref.lower()}").text
    assert "Pearl Technology" in page
    assert 'name="city" value="gone" checked' in page
    reply = desk.post(f"{URL}{kept.ref}/merge", {"with": gone.ref, "city": "gone"})
    assert reply.location == f"{URL}{kept.ref}"
    assert company(kept.ref).city == "广州"
    led = desk.get(f"{URL}{gone.ref}")
    assert led.location == f"{URL}{kept.ref}?was={gone.ref}"
    page = desk.get(led.location).text
    way = page.partition(f'href="{URL}merges/')[2].partition('"')[0]
    assert "Make them two again" in desk.get(f"{URL}merges/{way}").text
    desk.post(f"{URL}merges/{way}/undo")
    assert desk.get(f"{URL}{gone.ref}").status_code == 200
    assert "Undone" in desk.get(f"{URL}merges/{way}").text


def test_clashes_are_named_and_need_a_tick(desk):
    kept, gone = make_company(), make_company()
    for each in (kept, gone):
        make_consignment(each, order_ref="PO-77")
    page = desk.get(f"{URL}{kept.ref}/merge?with={gone.ref}").text
    assert "PO-77" in page
    assert desk.post(f"{URL}{kept.ref}/merge", {"with": gone.ref}).status_code == 302
    assert company(gone.ref).merged_into_id is None
    desk.post(f"{URL}{kept.ref}/merge", {"with": gone.ref, "consent": "1"})
    assert company(gone.ref).merged_into_id == kept.id


def test_a_company_is_not_merged_with_itself_or_with_what_is_not_there(desk):
    made = make_company()
    assert "This is the same company." in desk.get(f"{URL}{made.ref}/merge?with={made.ref}").text
    assert "There is no such company." in desk.get(f"{URL}{made.ref}/merge?with=CNOPE").text
    assert desk.post(f"{URL}{made.ref}/merge", {"with": "CNOPE"}).status_code == 404


def test_likely_duplicates_are_listed_the_likeliest_first(desk):
    code = "91330106MA2KL1234X"
    known("海川贸易", credit_code=code)
    known("完全不同的公司", credit_code=code)
    known("云栖茶业")
    known("云栖茶业有限公司")
    page = desk.get(f"{URL}duplicates").text
    assert page.index("the same credit code") < page.index("the same name")


def test_a_suspended_and_a_closed_company_read_clearly(desk, manager):
    shut = known("Shut", lifecycle="suspended")
    assert "This company is suspended." in desk.get(f"{URL}{shut.ref}").text
    closed = known("Closed", lifecycle="closed")
    assert "This company is closed." in desk.get(f"{URL}{closed.ref}").text


def test_keys_of_a_merged_company_are_refused(desk, manager, with_key):
    kept, gone = make_company(), make_company()
    person = make_colleague(gone)
    key(person, gone)
    merge(gone, kept, manager)
    led = desk.get(f"{URL}{gone.ref}")
    assert led.status_code == 302


def test_the_export_holds_what_the_list_shows_and_says_who_took_it(desk, manager):
    known("=cmd|' /C calc'!A1", city="宁波", payment_terms="net30")
    known("B")
    reply = desk.get("/desk/exports/companies.csv?place=宁波", buffered=True)
    rows = list(csv.reader(io.StringIO(reply.get_data().decode("utf-8-sig"))))
    assert len(rows) == 2
    assert rows[1][1].startswith("'=")
    assert "30 days" in rows[1]
    told = db.session.scalars(
        select(EventRecord).where(EventRecord.name == "companies.exported")
    ).one()
    assert told.actor_id == manager.id
    assert told.payload["filters"] == {"place": "宁波"}
    assert told.payload["count"] == 1
    assert desk.get("/desk/exports/companies.xlsx", buffered=True).data[:2] == b"PK"


@pytest.mark.parametrize("role", ["dispatcher", "marketing", "warehouse"])
def test_only_those_with_the_right_export(app, as_user, role):
    assert as_user(make_staff(role)).get("/desk/exports/companies.csv").status_code == 403
    assert db.session.scalar(select(Company)) is None
