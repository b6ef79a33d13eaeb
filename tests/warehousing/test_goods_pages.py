"""Pages of goods: the owner's own, the desk's, the sheet, and what strangers get."""

import io

import pytest
from PIL import Image

from portal.accounts.models import Company
from portal.core.db import db
from portal.warehousing.goods.models import Sku
from tests.factories import make_colleague, make_company, make_person
from tests.warehousing.making import make_location, make_sku, make_stock, make_warehouse

GOOD = {
    "code": "soap-1",
    "name_zh_hans": "茉莉香皂",
    "gtin": "6901234567892",
    "unit": "C62",
    "lot_policy": "none",
    "storage_class": "ambient",
    "weight": "0.125",
    "case-holds": "48",
}


@pytest.fixture
def company(app):
    return make_company()


@pytest.fixture
def member(company, as_user):
    return as_user(make_colleague(company, "operations"))


def only(company_id):
    query = db.select(Sku).where(Sku.company_id == company_id)
    return db.session.scalar(query.execution_options(scope="centre"))


def photo():
    out = io.BytesIO()
    Image.new("RGB", (1200, 900), "teal").save(out, "PNG")
    return out.getvalue()


def test_goods_are_entered_found_changed_and_put_out_of_use(member, company):
    assert "No goods yet" in member.get("/portal/goods").text
    answer = member.post("/portal/goods/new", data=GOOD)
    assert answer.location == "/portal/goods/SOAP-1"
    assert "48" in member.get(answer.location).text
    assert "茉莉香皂" in member.get("/portal/goods?q=香皂").text
    assert "No goods fit" in member.get("/portal/goods?q=shampoo").text
    changed = member.post("/portal/goods/SOAP-1/edit", data={**GOOD, "case-holds": "60"})
    assert changed.status_code == 302
    assert "60" in member.get("/portal/goods/soap-1").text
    member.post("/portal/goods/SOAP-1/use", data={"active": "0"})
    assert "is out of use" in member.get("/portal/goods/SOAP-1").text
    assert "SOAP-1" not in member.get("/portal/goods").text
    assert "SOAP-1" in member.get("/portal/goods?use=no").text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"code": ""}, "has a code of its own"),
        ({"gtin": "6901234567890"}, "check digit"),
        ({"weight": "much"}, "Enter a number"),
        ({"case-holds": "0.5"}, "whole number"),
        ({"storage_class": "chilled"}, "temperatures"),
        ({"unit": "XXX"}, "Choose one from the list"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(member, company, changes, sentence):
    answer = member.post("/portal/goods/new", data={**GOOD, **changes})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert only(company.id) is None


def test_once_there_was_stock_the_unit_cannot_change(member, company):
    sku = make_sku(company, code="SOAP-1")
    make_stock(sku, make_location(make_warehouse()), 5)
    answer = member.post("/portal/goods/SOAP-1/edit", data={**GOOD, "unit": "KGM"})
    assert answer.status_code == 422
    assert "cannot change" in answer.text
    assert "There has been stock" in member.get("/portal/goods/SOAP-1/edit").text


def test_a_photo_is_kept_small_shown_and_taken_away(member, company):
    make_sku(company, code="A1")
    page = "/portal/goods/A1"
    sent = member.post(f"{page}/picture", data={"picture": (io.BytesIO(photo()), "a.png")})
    assert sent.status_code == 302
    key = only(company.id).picture_key
    shown = member.get(f"{page}/picture/{key}")
    assert shown.mimetype == "image/jpeg"
    assert max(Image.open(io.BytesIO(shown.data)).size) <= 800
    assert member.get(f"{page}/picture/{'0' * 32}").status_code == 404
    bad = member.post(f"{page}/picture", data={"picture": (io.BytesIO(b"<svg/>"), "a.svg")})
    assert bad.status_code == 422
    member.post(f"{page}/picture", data={"do": "remove"})
    assert member.get(f"{page}/picture/{key}").status_code == 404


def test_the_list_is_taken_out_as_a_sheet_without_formulas(member, company):
    make_sku(company, code="F1", names={"en": "=1+1"}, name="=1+1")
    text = member.get("/portal/goods/export.csv", buffered=True).data.decode("utf-8-sig")
    assert "F1" in text
    assert '"\'=1+1"' in text
    assert member.get("/portal/goods/export.xlsx", buffered=True).data[:2] == b"PK"


def test_a_stranger_finds_nothing(as_user, company):
    sku = make_sku(company, code="MINE", picture_key="a" * 32)
    stranger = as_user(make_colleague(None, "owner"))
    for path in ("", "/edit", f"/picture/{'a' * 32}"):
        assert stranger.get(f"/portal/goods/{sku.code}{path}").status_code == 404
    assert stranger.post(f"/portal/goods/{sku.code}/use", data={}).status_code == 404
    assert "MINE" not in stranger.get("/portal/goods").text
    assert stranger.get("/desk/warehouse/goods").status_code == 403


def test_who_may_only_look_changes_nothing(as_user, company):
    make_sku(company, code="MINE")
    viewer = as_user(make_colleague(company, "viewer"))
    assert viewer.get("/portal/goods/MINE").status_code == 200
    for path in ("/new", "/MINE/edit", "/import"):
        assert viewer.get(f"/portal/goods{path}").status_code == 403
    assert viewer.get("/portal/goods/export.csv", buffered=True).status_code == 403


def test_the_desk_sees_the_goods_of_all_owners_with_their_names(as_user, company):
    other = make_company(name="别家公司")
    make_sku(company, code="SAME", picture_key=None)
    make_sku(other, code="SAME")
    desk = as_user(make_person(staff_role="warehouse"))
    page = desk.get("/desk/warehouse/goods").text
    assert db.session.get(Company, company.id).name in page
    assert "别家公司" in page
    one = desk.get(f"/desk/warehouse/goods?company={other.ref}").text
    assert db.session.get(Company, company.id).name not in one
    assert "No goods fit" in desk.get("/desk/warehouse/goods?company=NOBODY").text
    assert desk.get(f"/desk/warehouse/goods/{other.ref}/same").status_code == 200
    assert desk.get("/desk/warehouse/goods/NOBODY/SAME").status_code == 404
    assert other.ref in desk.get("/desk/warehouse/goods/export.csv", buffered=True).text


def test_pages_forward_and_back_show_every_row_once(member, company):
    for number in range(5):
        make_sku(company, code=f"P{number}")
    first = member.get("/portal/goods?limit=2").text
    assert "P0" in first
    assert "P2" not in first
    after = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = member.get(after).text
    assert "P2" in second
    assert "P1" not in second
    back = second.split('rel="prev" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "P1" in member.get(back).text
    assert member.get("/portal/goods?after=zzz").status_code == 422
