"""When and at which dock an order is fetched: chosen, changed, given back, freed by itself."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from portal.core import clock, working
from portal.core.db import db, write
from portal.core.errors import NotFound, Refused
from portal.warehousing.outbound.service import changing, orders, pickups
from portal.warehousing.sites import queries as sites
from portal.warehousing.sites.service import docks
from tests.factories import make_colleague, make_company, make_person
from tests.warehousing.making import make_location, make_sku, make_stock, make_warehouse
from tests.warehousing.outbound_making import CONSIGNEE, new_order, order_of
from tests.warehousing.test_sites_docks import make_dock, weekday


class Yard:
    """A warehouse with a dock for goods out and one for goods in, and an order that is fetched."""

    def __init__(self):
        self.house, self.company = make_warehouse(), make_company()
        self.out, self.into = (make_dock(self.house, code, code) for code in ("out", "in"))
        self.sku = make_sku(self.company)
        make_stock(self.sku, make_location(self.house), 50)
        self.order = self.another()

    def another(self, company=None, *, draft=False, **columns):
        new = new_order(company or self.company, self.house, self.sku, **columns)
        said = {name: value for name, value in new.columns.items() if name not in CONSIGNEE}
        new, hours, submit = replace(new, columns=said), working.hours(), not draft
        return write(lambda on: orders.place(new, submit=submit, hours=hours, by=None, on=on)).order

    def free(self, days=1):
        db.session.rollback()
        return write(lambda on: docks.free_slots(self.house.id, "out", weekday(days), on))

    def book(self, slot, order=None):
        ref = (order or self.order).ref
        return write(lambda on: pickups.schedule(ref, slot.value, by=None, on=on))

    @property
    def slots(self):
        db.session.rollback()
        found = sites.bookings_of([self.order.ref], self.company.id)
        return [(row.dock, row.starts_at) for row in found.get(self.order.ref, [])]


@pytest.fixture
def yard(app):
    return Yard()


@pytest.mark.both_databases
def test_a_slot_is_booked_changed_and_given_back(yard):
    first, second = yard.free()[:2]
    yard.book(first)
    assert yard.slots == [("out", first.starts_at)]
    assert first not in yard.free()
    yard.book(second)
    assert yard.slots == [("out", second.starts_at)]
    assert first in yard.free()
    write(lambda on: pickups.give_up(yard.order.ref, by=None, on=on))
    assert yard.slots == []
    with pytest.raises(Refused, match="no slot"):
        write(lambda on: pickups.give_up(yard.order.ref, by=None, on=on))


@pytest.mark.both_databases
def test_a_slot_is_given_once_and_a_dock_for_goods_in_gives_none(yard):
    slot, other = yard.free()[0], yard.another()
    yard.book(slot)
    with pytest.raises(Refused, match="taken"):
        yard.book(slot, other)
    assert {each.dock for each in yard.free()} == {"out"}
    with pytest.raises(NotFound):
        write(lambda on: pickups.schedule("OUTNONE", slot.value, by=None, on=on))


@pytest.mark.both_databases
def test_a_cancelled_order_frees_its_slot(yard):
    slot = yard.free()[0]
    yard.book(slot)
    write(lambda on: changing.cancel(yard.order, by=None, on=on))
    assert yard.slots == []
    assert slot in yard.free()
    with pytest.raises(Refused, match="until it has left"):
        yard.book(slot)


def test_what_left_keeps_the_slot_that_it_used_and_frees_one_to_come(yard, monkeypatch):
    slot = yard.free()[0]
    yard.book(slot)
    row = dict(order_of(yard.order.ref)._mapping)
    shipped = SimpleNamespace(**(row | {"status": "shipped"}))
    during = slot.starts_at + timedelta(minutes=5)
    with monkeypatch.context() as later:
        later.setattr(clock, "now", lambda: during)
        write(lambda on: pickups.follow(shipped, None, on))
    assert yard.slots == [("out", slot.starts_at)]
    write(lambda on: pickups.follow(shipped, None, on))
    assert yard.slots == []


def test_a_draft_gets_no_slot(yard):
    draft = yard.another(draft=True)
    with pytest.raises(Refused, match="once an order is placed"):
        yard.book(yard.free()[0], draft)


def test_the_owner_chooses_on_the_page_of_the_order(yard, as_user):
    owner = as_user(make_colleague(yard.company, "owner"))
    page, choosing = f"/portal/outbound/{yard.order.ref}", f"/portal/outbound/{yard.order.ref}/slot"
    assert choosing in owner.get(page).text
    assert "A slot at a dock saves waiting." in owner.get(page).text
    slot = yard.free()[0]
    assert slot.value.split("+")[0] in owner.get(choosing).text
    assert owner.post(choosing, {"do": "book"}).status_code == 422
    form = {"slot": slot.value, "do": "book", "once": "k" * 12}
    assert owner.post(choosing, form).location == page
    assert owner.post(choosing, form).location == page
    seen = owner.get(page).text
    assert "Dock out" in seen
    assert "saves waiting" not in seen
    taken = yard.another()
    refused = owner.post(f"/portal/outbound/{taken.ref}/slot", form | {"once": "z" * 12})
    assert refused.status_code == 422
    assert owner.post(choosing, {"do": "give_up", "once": "g" * 12}).location == page
    assert yard.slots == []


def test_strangers_and_viewers_choose_nothing(yard, as_user):
    choosing = f"/portal/outbound/{yard.order.ref}/slot"
    assert as_user(make_colleague(make_company(), "owner")).get(choosing).status_code == 404
    assert as_user(make_colleague(yard.company, "viewer")).get(choosing).status_code == 403
    desk = f"/desk/warehouse/outbound/{yard.order.ref}/slot"
    assert as_user(make_person(staff_role="warehouse")).get(desk).status_code == 403


def test_the_desk_sees_it_in_the_calendar_moves_it_and_gives_it_back(yard, as_user):
    boss = as_user(make_person(staff_role="manager"))
    first, second = yard.free()[:2]
    desk = f"/desk/warehouse/outbound/{yard.order.ref}"
    boss.post(f"{desk}/slot", {"slot": first.value, "do": "book"})
    day = first.starts_at.astimezone(clock.zone()).date().isoformat()
    calendar = f"/desk/warehouse/docks?warehouse={yard.house.code}&on={day}"
    assert f'href="{desk}"' in boss.get(calendar).text
    db.session.rollback()
    (booking,) = sites.bookings_of([yard.order.ref], yard.company.id)[yard.order.ref]
    boss.post(f"/desk/warehouse/docks/{booking.id}/move", {"slot": second.value})
    assert yard.slots == [("out", second.starts_at)]
    (booking,) = sites.bookings_of([yard.order.ref], yard.company.id)[yard.order.ref]
    boss.post(f"/desk/warehouse/docks/{booking.id}/cancel")
    assert yard.slots == []
