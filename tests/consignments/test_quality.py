"""Damages and the way to the first scan, as everybody may see them: counted, never typed in."""

from datetime import timedelta

import pytest

from portal.consignments.service.orders import Origin, create_many
from portal.consignments.shown.public_figures import measured
from portal.core import clock
from portal.core.db import write
from tests.factories import make_company, make_consignment, make_order, push

pytestmark = pytest.mark.both_databases


def figure(key):
    return next((f for f in measured() if f["key"] == key), None)


def deliver(companies, count, **changes):
    at = clock.now() - timedelta(days=1)
    said = {"begins": "delivered", "begins_at": at, "planned_delivery": at} | changes
    numbers = []
    for company in companies:
        origin = Origin(company.id, None, "import", "6901234")
        orders = [make_order(**said) for _ in range(count)]
        numbers += write(lambda on, o=orders, g=origin: create_many(o, g, on=on))
    return numbers


def test_damages_are_counted_from_the_incidents(app):
    deliver([make_company() for _ in range(3)], 20)
    assert figure("damage")["value"] == "0"
    no = make_consignment().no
    push(no, "picked_up")
    push(no, "incident", reason="damaged")
    found = figure("damage")
    assert (found["value"], found["unit"]) == ("16.67", "‰")  # 1 of 60 deliveries
    assert found["sample"] == "60 deliveries"


def test_the_first_scan_is_a_median_of_enough_pick_ups(app):
    companies = [make_company() for _ in range(3)]
    deliver(companies, 10)
    assert figure("first_scan") is None
    for company in companies:
        for _ in range(20):
            no = make_consignment(company, ordered_at=clock.now() - timedelta(hours=5)).no
            push(no, "picked_up", occurred_at=clock.now() - timedelta(hours=2))
            for code in ("dest_city", "out_for_delivery", "delivered"):
                push(no, code)
    found = figure("first_scan")
    assert 2.5 <= float(found["value"]) <= 3.5
    assert found["sample"] == "median of 60 pick-ups"
