"""The kinds of cartons at the desk: made, changed, retired, and what packing takes of them."""

import pytest
from sqlalchemy import select

from portal.core.db import db
from portal.warehousing.outbound.models import CartonType
from portal.warehousing.outbound.service import cartons
from tests.counting.conftest import statements
from tests.factories import make_person

__all__ = ["statements"]
TYPES = "/desk/warehouse/carton-types"
BOX = {
    "code": "k9", "zh_hans": "9 号箱", "en": "Box 9", "length": "300", "width": "200",
    "height": "100", "wall": "5", "tare": "120", "most": "12.5", "active": "1",
}  # fmt: skip


@pytest.fixture
def manager(as_user):
    return as_user(make_person(staff_role="manager"))


def kind(code="K9"):
    db.session.expire_all()
    return db.session.scalar(select(CartonType).where(CartonType.code == code))


def used():
    return [box.code for box in cartons.boxes(on=db.session.connection())]


def test_a_carton_is_made_shown_inside_and_outside_and_packed_in(manager):
    assert manager.post(f"{TYPES}/new", BOX).location == TYPES
    made = kind()
    assert (made.length_mm, made.wall_mm, made.tare_g, made.most_weight_g) == (300, 5, 120, 12_500)
    assert made.names == {"zh-Hans": "9 号箱", "en": "Box 9"}
    page = manager.get(TYPES).text
    assert "300 × 200 × 100" in page
    assert "310 × 210 × 110" in page
    assert "K9" in used()


def test_a_carton_is_changed_but_for_its_code_and_retired_and_used_again(manager):
    manager.post(f"{TYPES}/new", BOX)
    assert 'value="12.5"' in manager.get(f"{TYPES}/K9").text
    manager.post(f"{TYPES}/K9", {**BOX, "code": "X1", "height": "150", "active": ""})
    assert (kind().height_mm, kind().active) == (150, False)
    assert kind("X1") is None
    assert "K9" not in used()
    assert "Out of use" in manager.get(TYPES).text
    manager.post(f"{TYPES}/K9", BOX)
    assert "K9" in used()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"code": "箱"}, "capital letters"),
        ({"code": ""}, "Give it a code."),
        ({"zh_hans": ""}, "Please name it."),
        ({"length": "0"}, "Write a number from 1 to 3000."),
        ({"width": "wide"}, "Write a number"),
        ({"tare": ""}, "Please fill this in."),
        ({"most": "0.1"}, "more than it weighs when empty"),
    ],
)
def test_a_carton_that_cannot_be_is_refused_with_a_sentence(manager, change, sentence):
    reply = manager.post(f"{TYPES}/new", {**BOX, **change})
    assert reply.status_code == 422
    assert sentence in reply.text
    assert kind() is None


def test_a_code_is_given_to_one_carton_only(manager):
    manager.post(f"{TYPES}/new", BOX)
    reply = manager.post(f"{TYPES}/new", BOX)
    assert reply.status_code == 422
    assert "This code is taken." in reply.text


def test_those_who_do_not_set_up_places_do_not_enter(as_user, manager):
    manager.post(f"{TYPES}/new", BOX)
    worker = as_user(make_person(staff_role="warehouse"))
    for address in (TYPES, f"{TYPES}/new", f"{TYPES}/K9"):
        assert worker.get(address).status_code in (403, 404)
    assert manager.get(f"{TYPES}/NONE").status_code == 404


def test_the_list_costs_the_same_however_many_there_are(manager, statements):
    manager.post(f"{TYPES}/new", BOX)
    manager.get(TYPES)
    with statements() as few:
        manager.get(TYPES)
    for number in range(5):
        manager.post(f"{TYPES}/new", {**BOX, "code": f"K{number}"})
    manager.get(TYPES)
    with statements() as more:
        manager.get(TYPES)
    assert len(more) == len(few)
