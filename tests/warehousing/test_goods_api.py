"""Goods by program."""

import pytest

from tests.factories import make_colleague, make_company, make_key, make_person
from tests.warehousing.making import make_location, make_sku, make_stock, make_warehouse

URL = "/api/v1/skus"
NEW = {
    "code": "tea-1",
    "names": {"zh-Hans": "龙井茶", "en": "Longjing tea"},
    "gtin": "6901234567892",
    "lot_policy": "lot",
    "has_expiry": True,
    "shelf_life_days": 540,
    "units": [{"level": "case", "holds": "24", "weight_g": 8000}],
    "low_stock": "12.5",
}


@pytest.fixture
def company(app):
    return make_company()


@pytest.fixture
def client(company, with_key):
    return with_key(make_key(make_colleague(company, "operations"), company))


def test_goods_are_entered_once_by_their_key_and_read_again(client):
    answers = [client.post(URL, json=NEW, headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert [each.status_code for each in answers] == [201, 201]
    assert answers[0].json == answers[1].json
    one = client.get(f"{URL}/tea-1").json
    assert one["code"] == "TEA-1"
    assert one["name"] == "龙井茶"
    assert one["low_stock"] == "12.5"
    assert one["units"] == [
        {
            "level": "case", "holds": "24", "gtin": None, "weight_g": 8000,
            "length_mm": None, "width_mm": None, "height_mm": None,
        }
    ]  # fmt: skip
    assert client.post(URL, json=NEW).status_code == 422


def test_a_change_says_what_is_different_and_leaves_the_rest(client):
    client.post(URL, json=NEW)
    changed = client.patch(f"{URL}/TEA-1", json={"gtin": None, "units": [], "active": False})
    assert changed.status_code == 200
    one = changed.json
    assert (one["gtin"], one["units"], one["active"]) == (None, [], False)
    assert (one["shelf_life_days"], one["lot_policy"]) == (540, "lot")
    assert client.get(URL).json["items"] == []
    assert len(client.get(f"{URL}?active=all").json["items"]) == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**NEW, "gtin": "6901234567890"}, "gtin"),
        ({**NEW, "names": {}}, "names"),
        ({**NEW, "units": [{"level": "crate", "holds": "2"}]}, "units.crate.holds"),
        ({**NEW, "units": [{"level": "case", "holds": "many"}]}, "units.0.holds"),
        ({**NEW, "colour": "red"}, "colour"),
        ({"names": {"en": "x"}}, "code"),
    ],
)
def test_wrong_fields_are_named(client, body, field):
    answer = client.post(URL, json=body)
    assert answer.status_code == 422
    assert field in [each["field"] for each in answer.json["errors"]]


def test_what_the_ledger_counts_by_stays(client, company):
    make_stock(make_sku(company, code="S"), make_location(make_warehouse()), 1)
    answer = client.patch(f"{URL}/S", json={"unit": "KGM"})
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "unit"


def test_lists_page_and_filter(client, company):
    for number in range(3):
        make_sku(company, code=f"C{number}", storage_class="frozen" if number else "ambient")
    first = client.get(f"{URL}?limit=2").json
    assert [each["code"] for each in first["items"]] == ["C0", "C1"]
    assert [e["code"] for e in client.get(f"{URL}?after={first['next']}").json["items"]] == ["C2"]
    assert len(client.get(f"{URL}?storage_class=frozen").json["items"]) == 2
    assert client.get(f"{URL}?sort=price").status_code == 422


def test_another_companys_goods_are_not_there(with_key, company):
    make_sku(company, code="MINE")
    theirs = make_company()
    other = with_key(make_key(make_colleague(theirs, "owner"), theirs))
    assert other.get(f"{URL}/MINE").status_code == 404
    assert other.patch(f"{URL}/MINE", json={"names": {"en": "x"}}).status_code == 404
    assert other.get(URL).json["items"] == []


def test_staff_say_whose_goods_they_mean(as_user, company):
    make_sku(company, code="MINE")
    desk = as_user(make_person(staff_role="warehouse"))
    assert desk.get(f"{URL}/MINE").status_code == 404
    assert desk.get(f"{URL}/MINE?company={company.ref}").json["company"] == company.ref
    assert desk.get(f"{URL}?company={company.ref}").json["items"][0]["code"] == "MINE"
    assert desk.post(URL, json=NEW).status_code == 403
