"""Inbound notices by program."""

import pytest
from sqlalchemy import select

from portal.core import scope
from portal.core.db import db
from portal.warehousing.inbound.models import Difference, InboundNotice
from portal.warehousing.sites.models import Dock
from tests.factories import make_colleague, make_company, make_key
from tests.warehousing.inbound_making import (
    House,
    finish,
    make_arrived,
    make_notice,
    receive,
    said_line,
)
from tests.warehousing.making import _insert, make_sku

PATH = "/api/v1/inbound"


@pytest.fixture
def house(app):
    return House(code="HZ1")


@pytest.fixture
def company(app):
    return make_company()


@pytest.fixture
def program(with_key, company):
    return with_key(make_key(make_colleague(company), company))


def rows(model):
    table = model.__table__
    return list(
        db.session.execute(select(table).order_by(table.c.id).execution_options(**scope.CENTRE))
    )


def body(*lines, **more):
    return {"warehouse": "HZ1", "lines": list(lines) or [{"sku": "TEA", "quantity": "12"}], **more}


def test_goods_are_announced_and_the_same_reference_is_the_same_notice(program, house, company):
    make_sku(company, code="TEA")
    first = program.post(PATH, json=body(order_ref="PO-1", supplier="Hill & Co"))
    assert first.status_code == 201
    made = first.get_json()
    assert (made["status"], made["lines"][0]["announced"]) == ("announced", "12")
    again = program.post(PATH, json=body(order_ref="PO-1"))
    assert again.status_code == 200
    assert again.get_json()["ref"] == made["ref"]
    assert program.get(f"{PATH}/{made['ref']}").get_json()["supplier"] == "Hill & Co"
    assert [each["ref"] for each in program.get(PATH).get_json()["items"]] == [made["ref"]]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ({"sku": "NOPE", "quantity": "1"}, "lines.1.sku"),
        ({"sku": "TEA", "quantity": "0"}, "lines.1.quantity"),
        ({"sku": "TEA", "quantity": "0.5"}, "lines.1.quantity"),
        ({"sku": "TEA", "quantity": "1", "level": "case"}, "lines.1.level"),
        ({"sku": "TEA", "quantity": "1", "level": "barrel"}, "lines.1.level"),
        ({"sku": "TEA", "quantity": "1", "sscc": "12"}, "lines.1.sscc"),
        ({"sku": "TEA", "quantity": "1", "colour": "red"}, "lines.1.colour"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(program, house, company, line, field):
    make_sku(company, code="TEA")
    answer = program.post(PATH, json=body({"sku": "TEA", "quantity": "1"}, line))
    assert answer.status_code == 422
    assert field in [each["field"] for each in answer.get_json()["errors"]]
    assert rows(InboundNotice) == []


def test_a_draft_is_changed_announced_and_given_a_slot(program, house, company):
    _insert(Dock, warehouse_id=house.id, code="D1", kind="in", location_id=house.lane.id)
    make_sku(company, code="TEA")
    ref = program.post(PATH, json=body(submit=False)).get_json()["ref"]
    free = program.get(f"{PATH}/slots?warehouse=HZ1").get_json()["items"]
    change = {"vehicle": "浙A12345", "lines": [{"sku": "TEA", "quantity": "5"}], "submit": True}
    changed = program.patch(f"{PATH}/{ref}", json=change).get_json()
    assert (changed["status"], changed["vehicle"]) == ("announced", "浙A12345")
    assert changed["lines"][0]["announced"] == "5"
    booked = program.patch(f"{PATH}/{ref}", json={"slot": free[0]["slot"]}).get_json()
    assert (booked["status"], booked["dock"]) == ("scheduled", "D1")
    given = program.patch(f"{PATH}/{ref}", json={"slot": None}).get_json()
    assert (given["status"], given["dock"]) == ("announced", None)
    cancelled = program.post(f"{PATH}/{ref}/cancel", json={"reason": "Sold"}).get_json()
    assert cancelled["status"] == "cancelled"
    assert program.post(f"{PATH}/{ref}/cancel", json={}).status_code == 409


def test_a_difference_is_answered(program, house, company):
    sku = make_sku(company)
    ref = make_arrived(house, company, said_line(sku, 10))
    receive(ref, sku, 8)
    finish(ref)
    (row,) = program.get(f"{PATH}/{ref}").get_json()["differences"]
    assert (row["kind"], row["quantity"], row["status"]) == ("short", "2", "open")
    path = f"{PATH}/{ref}/differences/{row['id']}"
    assert program.post(path, json={"accept": False}).status_code == 422
    assert program.post(path, json={"accept": True}).status_code == 200
    assert rows(Difference)[0].status == "accepted"


def test_a_stranger_finds_nothing(with_key, house, company):
    ref = make_notice(house, company, said_line(make_sku(company)))
    other = make_company()
    stranger = with_key(make_key(make_colleague(other), other))
    assert stranger.get(f"{PATH}/{ref}").status_code == 404
    assert stranger.patch(f"{PATH}/{ref}", json={"note": "x"}).status_code == 404
    assert stranger.post(f"{PATH}/{ref}/cancel", json={}).status_code == 404
    assert stranger.post(f"{PATH}/{ref}/differences/1", json={"accept": True}).status_code == 404
    assert stranger.get(PATH).get_json()["items"] == []


def test_who_may_not_announce_is_told_so(with_key, house, company):
    finance = make_colleague(company, role="viewer")
    program = with_key(make_key(finance, company))
    assert program.get(PATH).status_code == 200
    assert program.post(PATH, json=body()).status_code == 403


def test_the_same_key_is_the_same_request(program, house, company):
    make_sku(company, code="TEA")
    answers = [
        program.post(PATH, json=body(), headers={"Idempotency-Key": "once"}) for _ in range(2)
    ]
    assert answers[0].get_json()["ref"] == answers[1].get_json()["ref"]
    assert len(rows(InboundNotice)) == 1


def test_lists_are_paged_and_filtered(program, house, company):
    sku = make_sku(company)
    refs = [make_notice(house, company, said_line(sku), order_ref=f"PO-{n}") for n in range(3)]
    page = program.get(f"{PATH}?limit=2").get_json()
    rest = program.get(f"{PATH}?limit=2&after={page['next']}").get_json()
    assert [each["ref"] for each in page["items"] + rest["items"]] == refs[::-1]
    assert program.get(f"{PATH}?status=completed").get_json()["items"] == []
    assert program.get(f"{PATH}?status=unheard").status_code == 422
    assert len(program.get(f"{PATH}?q=PO-1").get_json()["items"]) == 1
