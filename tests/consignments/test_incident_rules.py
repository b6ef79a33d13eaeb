"""The rules of incidents, as tables."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

import config
from portal.consignments.rules import incident_words as words
from portal.consignments.rules import incidents as rules
from portal.consignments.rules.incidents import Finding, Kind, State, look
from portal.consignments.rules.vocabulary import REASONS, Status

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
H = timedelta(hours=1)


@dataclass(frozen=True)
class Facts:
    """What the rules ask of a consignment; all is well with this one."""

    status: str = "in_transit"
    history: bool = False
    service: str = "standard"
    consignor_country: str | None = "CN"
    consignee_country: str | None = "CN"
    ordered_at: datetime = NOW - 30 * H
    head_at: datetime | None = NOW - H
    last_at: datetime = NOW - H
    pickup_planned: datetime | None = NOW - 26 * H
    delivery_planned: datetime | None = NOW + 40 * H
    delivery_estimated: datetime | None = None


def found(**facts):
    """Return the classes that the rules find, foreseen ones with a question mark."""
    seen = look(replace(Facts(), **facts), NOW)
    return [f"{f.kind}{'?' if f.predicted else ''}" for f in seen.findings]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, []),
        # No scan for hours: counted from the last state, by service.
        ({"head_at": NOW - 35 * H}, []),
        ({"head_at": NOW - 36 * H}, ["no_scan_for_hours"]),
        ({"head_at": NOW - 13 * H, "service": "express"}, ["no_scan_for_hours"]),
        ({"head_at": NOW - 9 * H, "service": "cold"}, ["no_scan_for_hours"]),
        ({"head_at": NOW - 100 * H, "consignee_country": "DE"}, []),
        ({"head_at": NOW - 121 * H, "consignee_country": "DE"}, ["no_scan_for_hours"]),
        ({"head_at": None, "last_at": NOW - 40 * H}, ["no_scan_for_hours"]),
        ({"head_at": NOW - 40 * H, "status": "at_pickup_point"}, []),
        # Stuck at the hub.
        ({"status": "hub_arrived", "head_at": NOW - 23 * H}, []),
        ({"status": "hub_arrived", "head_at": NOW - 24 * H}, ["stuck_at_hub"]),
        ({"status": "hub_arrived", "head_at": NOW - 6 * H, "service": "cold"}, ["stuck_at_hub"]),
        # Picked up, and no hub has seen it.
        ({"status": "picked_up", "head_at": NOW - 11 * H}, []),
        ({"status": "picked_up", "head_at": NOW - 12 * H}, ["no_first_scan"]),
        # Pick-up late.
        ({"status": "ordered", "pickup_planned": NOW - 1.9 * H}, []),
        ({"status": "ordered", "pickup_planned": NOW - 2 * H}, ["late_pickup"]),
        ({"status": "pickup_assigned", "pickup_planned": NOW - 3 * H}, ["late_pickup"]),
        ({"status": "pickup_failed", "pickup_planned": NOW - 3 * H}, ["late_pickup"]),
        ({"status": "ordered", "pickup_planned": None}, []),
        ({"status": "picked_up", "pickup_planned": NOW - 9 * H}, []),
        # Delivery late, foreseen and real: real wins.
        ({"delivery_planned": NOW - 0.9 * H}, []),
        ({"delivery_planned": NOW - H}, ["late_delivery"]),
        ({"delivery_estimated": NOW + 44 * H}, []),
        ({"delivery_estimated": NOW + 45 * H}, ["late_delivery?"]),
        ({"delivery_estimated": NOW + 42 * H, "service": "express"}, ["late_delivery?"]),
        ({"delivery_planned": NOW - H, "delivery_estimated": NOW + 9 * H}, ["late_delivery"]),
        ({"delivery_planned": None, "delivery_estimated": NOW + 99 * H}, []),
        ({"delivery_planned": NOW - 9 * H, "status": "returning"}, []),
        ({"delivery_planned": NOW - 9 * H, "status": "at_pickup_point"}, []),
        # Nothing is wrong with what has not begun, has ended, or was brought in as past.
        *(
            ({"status": s, "head_at": NOW - 999 * H, "delivery_planned": NOW - 99 * H}, [])
            for s in ("draft", "delivered", "closed", "cancelled", "returned")
        ),
        ({"history": True, "head_at": NOW - 999 * H, "delivery_planned": NOW - 99 * H}, []),
        # Several at once.
        (
            {"head_at": NOW - 50 * H, "delivery_planned": NOW - 20 * H},
            ["late_delivery", "no_scan_for_hours"],
        ),
    ],
)
def test_what_the_rules_find(facts, expected):
    assert sorted(found(**facts)) == sorted(expected)


@pytest.mark.parametrize(
    ("facts", "hours"),
    [
        ({}, 35),  # no scan for 36 hours
        ({"delivery_planned": NOW + 10 * H}, 11),
        ({"status": "ordered", "pickup_planned": NOW + 3 * H}, 5),
        ({"status": "hub_arrived", "head_at": NOW - 20 * H}, 4),
        ({"head_at": NOW - 50 * H}, 41),  # found already; late delivery is yet to come
    ],
)
def test_the_next_look_is_when_a_rule_may_say_more(facts, hours):
    assert look(replace(Facts(), **facts), NOW).next_at == NOW + hours * H


@pytest.mark.parametrize(
    "facts",
    [
        {"status": "delivered"},
        {"status": "draft"},
        {"history": True},
        {"head_at": NOW - 50 * H, "delivery_planned": NOW - 50 * H},
    ],
)
def test_there_is_no_next_look_where_time_alone_brings_nothing(facts):
    assert look(replace(Facts(), **facts), NOW).next_at is None


def test_a_range_that_begins_after_the_promise_is_foreseen_late():
    class Ranged(Facts):
        delivery_estimated_from = NOW + 41 * H

    seen = look(Ranged(delivery_estimated=NOW + 42 * H), NOW)
    assert [(f.kind, f.predicted) for f in seen.findings] == [(Kind.LATE_DELIVERY, True)]


@pytest.mark.parametrize(
    ("changes", "rule", "column", "hours"),
    [
        ({}, "stuck_at_hub", "express", 8),
        ({"stuck_at_hub": 2}, "stuck_at_hub", "express", 2),
        ({"stuck_at_hub.express": 3}, "stuck_at_hub", "express", 3),
        ({"stuck_at_hub.express": 3}, "stuck_at_hub", "standard", 24),
    ],
)
def test_a_centre_sets_its_own_hours(changes, rule, column, hours):
    assert rules.thresholds(changes)[rule][column] == hours * H


@pytest.mark.parametrize("name", ["stuck", "stuck_at_hub.fast"])
def test_a_rule_that_there_is_not_is_refused(name):
    with pytest.raises(KeyError):
        rules.thresholds({name: 1})


def test_the_settings_name_the_rules_that_there_are():
    assert set(config.INCIDENT_RULES) == set(rules.THRESHOLDS)
    assert all(set(row) == set(config.INCIDENT_COLUMNS) for row in rules.THRESHOLDS.values())


@pytest.mark.parametrize(
    ("code", "reason", "kind"),
    [
        ("delivery_failed", "absent", Kind.FAILED_ATTEMPT),
        ("delivery_failed", None, Kind.FAILED_ATTEMPT),
        ("delivery_failed", "weather", Kind.FAILED_ATTEMPT),
        ("delivery_failed", "wrong_address", Kind.WRONG_ADDRESS),
        ("pickup_failed", "not_ready", Kind.FAILED_ATTEMPT),
        ("incident", "damaged", Kind.DAMAGE),
        ("incident", "temperature", Kind.TEMPERATURE),
        ("incident", "shortage", Kind.SHORTAGE),
        ("incident", "customs", Kind.CUSTOMS_HOLD),
        ("incident", "missing_paper", Kind.MISSING_PAPER),
        ("incident", "weather", Kind.DELAY),
        ("incident", "security", Kind.OTHER),
        ("incident", None, Kind.OTHER),
    ],
)
def test_the_class_that_an_event_opens(code, reason, kind):
    assert rules.kind_of(code, reason) is kind


def test_every_reason_has_a_class():
    for group in REASONS.values():
        for reason in group:
            assert rules.kind_of("incident", reason) in Kind


@pytest.mark.parametrize(
    ("kind", "by_rule", "status", "findings", "cured"),
    [
        (Kind.NO_SCAN, True, "in_transit", [Finding(Kind.NO_SCAN, NOW)], False),
        (Kind.NO_SCAN, True, "in_transit", [], True),
        (Kind.NO_SCAN, True, "delivered", [], True),
        (Kind.FAILED_ATTEMPT, False, "delivery_failed", [], False),
        (Kind.FAILED_ATTEMPT, False, "out_for_delivery", [], True),
        (Kind.FAILED_ATTEMPT, False, "delivered", [], True),
        (Kind.WRONG_ADDRESS, False, "out_for_delivery", [], False),
        (Kind.WRONG_ADDRESS, False, "redirected", [], True),
        (Kind.DELAY, False, "delivered", [], True),
        (Kind.DAMAGE, False, "delivered", [], False),
        (Kind.SHORTAGE, False, "delivered", [], False),
        (Kind.TEMPERATURE, False, "closed", [], False),
        (Kind.CUSTOMS_HOLD, False, "dest_city", [], True),
    ],
)
def test_when_the_cause_is_gone(kind, by_rule, status, findings, cured):
    assert rules.is_cured(kind, by_rule, status, findings) is cured


@pytest.mark.parametrize(
    ("state", "to", "may"),
    [
        (State.OPEN, State.ACKNOWLEDGED, True),
        (State.OPEN, State.WORKING, True),
        (State.ACKNOWLEDGED, State.OPEN, False),
        (State.WORKING, State.ACKNOWLEDGED, False),
        (State.WORKING, State.RESOLVED, True),
        (State.OPEN, State.WRITTEN_OFF, True),
        (State.RESOLVED, State.OPEN, False),
        (State.WRITTEN_OFF, State.RESOLVED, False),
    ],
)
def test_the_moves_of_an_incident(state, to, may):
    assert rules.may_move(state, to) is may


def test_every_class_has_a_clock_a_name_and_advice(app):
    for kind in Kind:
        assert rules.due(kind, NOW) > NOW
        with app.test_request_context():
            assert words.kind_text(kind)
            assert words.advice(kind)
    assert set(words.STATE_TEXT) == set(State)
    assert all(status in Status for cured in rules._CURED.values() for status in cured)
