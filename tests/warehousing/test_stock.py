"""Stock as its owner and the desk see it; strangers see nothing of it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from portal.core import clock, scope
from portal.core.db import db, transaction, write
from portal.warehousing.goods.models import Sku
from portal.warehousing.ledger.models import Movement
from portal.warehousing.ledger.service import reserving, snapshots
from portal.warehousing.ledger.service.reserving import For
from portal.warehousing.stock import rules
from portal.warehousing.stock.models import StockAlert, StockCertificate, StockWish
from portal.warehousing.stock.service import alerting, certifying
from tests.factories import make_colleague, make_company, make_key, make_person
from tests.warehousing.making import (
    in_days,
    make_location,
    make_lot,
    make_sku,
    make_stock,
    make_warehouse,
)


@pytest.fixture
def place(app):
    return make_location(make_warehouse(code="HZ1"))


@pytest.fixture
def owner(app):
    return make_company()


@pytest.fixture
def member(owner, as_user):
    return as_user(make_colleague(owner))


def test_the_list_says_what_is_on_hand_promised_free_and_held(place, owner, member):
    sku = make_sku(owner, code="TEA-1")
    balance = make_stock(sku, place, 1200).balances[0]
    make_stock(sku, place, 30, status="damaged")
    write(lambda on: reserving.reserve(balance, Decimal(200), For(owner.id, "outbound", 1), on=on))
    page = member.get("/portal/stock").text
    for figure in ("TEA-1", "1,230", "200", "1,000", "30", "HZ1"):
        assert figure in page


def test_goods_are_found_by_code_warehouse_lot_threshold_expiry_and_hold(place, owner, member):
    low = make_sku(owner, code="LOW-1", low_stock=Decimal(50))
    make_stock(low, place, 10)
    dated = make_sku(owner, code="MILK-1", lot_policy="lot", has_expiry=True)
    make_stock(dated, place, 7, lot=make_lot(dated, "L77", expires_on=in_days(10)))
    held = make_sku(owner, code="HELD-1")
    make_stock(held, place, 5, status="on_hold")
    make_sku(owner, code="NONE-1")
    for asked, expected in (
        ("q=low-", {"LOW-1"}),
        ("show=low", {"LOW-1"}),
        ("show=expiring", {"MILK-1"}),
        ("show=expiring&days=5", set()),
        ("show=on_hold", {"HELD-1"}),
        ("lot=L77", {"MILK-1"}),
        ("warehouse=HZ1", {"LOW-1", "MILK-1", "HELD-1"}),
        ("warehouse=NO", set()),
        ("", {"LOW-1", "MILK-1", "HELD-1", "NONE-1"}),
    ):
        page = member.get(f"/portal/stock?{asked}")
        assert page.status_code == 200
        codes = {
            code for code in ("LOW-1", "MILK-1", "HELD-1", "NONE-1") if f">{code}<" in page.text
        }
        assert codes == expected, asked


def test_pages_follow_each_other_by_code(place, owner, member):
    for n in range(5):
        make_stock(make_sku(owner, code=f"P-{n}"), place, 1)
    first = member.get("/portal/stock?limit=3").text
    assert "P-2" in first
    assert ">P-3<" not in first
    further = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    second = member.get(further).text
    assert ">P-3<" in second
    assert ">P-2<" not in second


def test_stock_as_of_a_moment_is_shown_without_promises(place, owner, member):
    sku = make_sku(owner, code="TEA-2")
    make_stock(sku, place, 11)
    before = (clock.now() - timedelta(days=1)).isoformat()[:16]
    page = member.get("/portal/stock", query_string={"as_of": before}).text
    assert "counted from the ledger" in page
    assert ">11" not in page
    assert member.get("/portal/stock?as_of=yesterday").status_code == 200


def test_an_article_shows_lots_places_movements_and_its_line(place, owner, member, monkeypatch):
    sku = make_sku(owner, code="MILK-2", lot_policy="lot", has_expiry=True)
    make_stock(sku, place, 7, lot=make_lot(sku, "L9", expires_on=in_days(10)))
    later = clock.now() + timedelta(days=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    snapshots.run()
    page = member.get("/portal/stock/MILK-2").text
    for words in ("L9", place.code, "TEST", "On hand at the end of each day", "Expires soon"):
        assert words in page


def test_movements_show_document_person_reason_and_are_filtered(place, owner, member):
    sku = make_sku(owner, code="TEA-3")
    posted = make_stock(sku, place, 4)
    page = member.get("/portal/stock/movements?sku=TEA-3&kind=receive&document=test").text
    assert "TEA-3" in page
    assert "TEST" in page
    assert "No movements fit" in member.get("/portal/stock/movements?kind=issue").text
    assert "TEA-3" in member.get(f"/portal/stock/movements/{posted.id}").text


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_stock_and_movements_are_taken_away_as_sheets(place, owner, member, format):
    make_stock(make_sku(owner, code="TEA-4"), place, 4)
    for name in ("stock", "movements"):
        sheet = member.get(f"/portal/stock/{name}.{format}", buffered=True)
        assert sheet.status_code == 200
        assert format == "xlsx" or "TEA-4" in sheet.text


def test_strangers_find_nothing(place, owner, as_user):
    posted = make_stock(make_sku(owner, code="TEA-5"), place, 4)
    make_person_of_owner = make_colleague(owner)
    ref = write(
        lambda on: certifying.certify(owner.id, clock.now(), by=make_person_of_owner.id, on=on)
    )
    stranger = as_user(make_colleague())
    assert "TEA-5" not in stranger.get("/portal/stock").text
    assert "No movements fit" in stranger.get("/portal/stock/movements?sku=TEA-5").text
    assert "TEA-5" not in stranger.get("/portal/stock/stock.csv", buffered=True).text
    for address in (
        "/portal/stock/TEA-5",
        f"/portal/stock/movements/{posted.id}",
        f"/portal/stock/movements/{posted.id}/photo",
        f"/portal/stock/certificates/{ref}.pdf",
        "/portal/stock/movements/999999",
    ):
        assert stranger.get(address).status_code == 404, address
    assert stranger.get("/desk/warehouse/stock").status_code == 403


def test_a_certificate_says_for_ever_what_was_certified(place, owner, member, browser):
    sku = make_sku(owner, code="TEA-6")
    make_stock(sku, place, 12)
    at = clock.now().isoformat()
    answer = member.post("/portal/stock/certificates", data={"as_of": at})
    assert answer.status_code == 302
    table = StockCertificate.__table__
    row = db.session.execute(select(table).execution_options(**scope.CENTRE)).one()
    db.session.rollback()
    assert [line["quantity"] for line in row.content["lines"]] == ["12"]
    make_stock(sku, place, 5)
    paper = member.get(f"/portal/stock/certificates/{row.ref}.pdf")
    assert paper.data.startswith(b"%PDF")
    page = browser.get(f"/verify/stock/{rules.spaced_ref(row.ref)}")
    assert "Genuine" in page.text
    assert "TEA-6" in page.text
    assert "Set-Cookie" not in page.headers
    altered = {**row.content, "owner": "Somebody else"}
    with transaction():
        db.session.execute(update(table).values(content=altered).execution_options(**scope.CENTRE))
    assert "Not as it was certified" in browser.get(f"/verify/stock/{row.ref}").text


def test_what_cannot_be_certified_is_told(place, owner, member):
    make_stock(make_sku(owner), place, 12)
    long_ago = {"as_of": "2020-01-01T00:00"}
    assert (
        "no stock at that moment" in member.post("/portal/stock/certificates", data=long_ago).text
    )
    ahead = {"as_of": "2190-01-01T00:00"}
    assert "has not come yet" in member.post("/portal/stock/certificates", data=ahead).text
    assert member.post("/portal/stock/certificates", data={"as_of": "soon"}).status_code == 422


@pytest.mark.parametrize("ref", ["ABCD-EFGH-JKLM", "nonsense", "%00", "x" * 300])
def test_unknown_certificates_have_one_answer(app, browser, ref):
    assert browser.get(f"/verify/stock/{ref}").status_code == 404


def test_the_desk_sees_all_owners_and_corrects_with_a_note(place, as_user):
    one, two = make_company(), make_company()
    posted = make_stock(make_sku(one, code="ONE-1"), place, 3)
    make_stock(make_sku(two, code="TWO-1"), place, 3)
    staff = as_user(make_person(staff_role="manager"))
    page = staff.get("/desk/warehouse/stock").text
    assert ">ONE-1<" in page
    assert ">TWO-1<" in page
    assert ">TWO-1<" not in staff.get(f"/desk/warehouse/stock?company={one.ref}").text
    assert "ONE-1" in staff.get(f"/desk/warehouse/stock/of/{one.ref}/ONE-1").text
    assert staff.get(f"/desk/warehouse/stock/of/{two.ref}/ONE-1").status_code == 404
    address = f"/desk/warehouse/stock/movements/{posted.id}"
    form = staff.get(address).text
    key = form.partition('name="key"')[2].partition('value="')[2].partition('"')[0]
    assert staff.post(f"{address}/correct", data={"key": key, "note": ""}).status_code == 422
    said = {"key": key, "note": "typed twice"}
    assert staff.post(f"{address}/correct", data=said).status_code == 302
    assert (
        staff.post(f"{address}/correct", data=said).status_code == 302
    )  # once, however often sent
    other = {"key": "another", "note": "typed twice"}
    assert staff.post(f"{address}/correct", data=other).status_code == 409
    table = Movement.__table__
    undone = select(table).where(table.c.reverses_id == posted.id)
    (row,) = db.session.execute(undone.execution_options(**scope.CENTRE)).all()
    assert row.note == "typed twice"
    assert "Undone" in staff.get(address).text


def test_a_place_is_looked_up_by_its_barcode(place, owner, as_user):
    make_stock(make_sku(owner, code="TEA-7"), place, 3)
    staff = as_user(make_person(staff_role="warehouse"))
    assert "TEA-7" in staff.get(f"/desk/warehouse/stock/find?code={place.barcode}").text
    assert "TEA-7" in staff.get(f"/desk/warehouse/stock/find?code={place.code.lower()}").text
    assert "Unknown code" in staff.get("/desk/warehouse/stock/find?code=X").text
    assert "Scan a label" in staff.get("/desk/warehouse/stock/find").text


def alerts_of(company):
    table = StockAlert.__table__
    mine = select(table).where(table.c.company_id == company.id).order_by(table.c.kind)
    rows = db.session.execute(mine.execution_options(**scope.CENTRE)).all()
    db.session.rollback()
    return [(row.kind, row.value) for row in rows]


def test_alerts_come_and_go_with_what_they_are_about(place, owner, member):
    sku = make_sku(owner, code="LOW-2", low_stock=Decimal(50))
    make_stock(sku, place, 10)
    dated = make_sku(owner, code="MILK-3", lot_policy="lot", has_expiry=True)
    make_stock(dated, place, 7, lot=make_lot(dated, "L1", expires_on=in_days(3)))
    alerting.run()
    assert alerts_of(owner) == [("expiry", 7), ("low", 10)]
    page = member.get("/portal/stock/alerts").text
    assert "LOW-2" in page
    assert "MILK-3" in page
    make_stock(sku, place, 90)
    alerting.run()
    assert alerts_of(owner) == [("expiry", 7)]


def test_days_of_cover_are_counted_from_what_went_lately():
    assert rules.cover_days(Decimal(100), Decimal(280)) == 10
    assert rules.cover_days(Decimal(100), Decimal(0)) is None
    told = {"low_stock": None, "low_cover_days": 14}
    found = rules.alerts(Decimal(100), Decimal(280), Decimal(0), **told)
    assert [(each.kind, each.value) for each in found] == [("cover", 10)]
    assert rules.alerts(Decimal(100), Decimal(100), Decimal(0), **told) == []


def test_who_wants_it_gets_one_mail_a_day(place, owner, as_user, monkeypatch):
    person = make_colleague(owner)
    member = as_user(person)
    member.post("/portal/stock/alerts/mail", data={"mails": "on"})
    make_colleague(owner)  # who does not want any
    sku = make_sku(owner, low_stock=Decimal(50))
    make_stock(sku, place, 10)
    assert alerting.run() == 1
    make_stock(make_sku(owner, low_stock=Decimal(50)), place, 10)
    assert alerting.run() == 0
    later = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert alerting.run() == 1
    assert alerting.run() == 0
    member.post("/portal/stock/alerts/mail", data={"mails": "off"})
    assert db.session.scalar(select(StockWish.person_id)) is None
    db.session.rollback()


def test_the_api_says_stock_by_warehouse_with_lots_and_as_of(place, owner, with_key):
    sku = make_sku(owner, code="MILK-4", lot_policy="lot", has_expiry=True)
    make_stock(sku, place, "2.5", lot=make_lot(sku, "L5", expires_on=in_days(30)))
    program = with_key(make_key(make_colleague(owner), owner))
    answer = program.get("/api/v1/stock?lots=1").json
    (item,) = answer["items"]
    lots = item.pop("lots")
    assert item == {
        "sku": "MILK-4",
        "name": sku.name,
        "warehouse": "HZ1",
        "on_hand": "2.5",
        "allocated": "0",
        "free": "2.5",
        "on_hold": "0",
        "unit": "C62",
    }
    assert [(lot["lot"], lot["on_hand"]) for lot in lots] == [("L5", "2.5")]
    assert program.get("/api/v1/stock?as_of=2026-01-01").json["items"] == []
    assert program.get("/api/v1/stock?as_of=then").status_code == 422
    assert program.get("/api/v1/stock?warehouse=NO").status_code == 404
    (entry,) = program.get("/api/v1/stock/entries?sku=milk-4").json["items"]
    assert (entry["quantity"], entry["document"], entry["kind"]) == ("2.5", "TEST", "receive")
    assert program.get("/api/v1/stock/entries?kind=magic").status_code == 422
    other = make_company()
    stranger = with_key(make_key(make_colleague(other), other))
    assert stranger.get("/api/v1/stock").json["items"] == []
    assert stranger.get("/api/v1/stock/entries").json["items"] == []


def test_goods_out_of_use_still_show_what_is_left(place, owner, member):
    make_stock(make_sku(owner, code="OLD-1"), place, 3)
    with transaction():
        db.session.execute(
            update(Sku.__table__).values(active=False).execution_options(**scope.CENTRE)
        )
    assert "Out of use" in member.get("/portal/stock").text
