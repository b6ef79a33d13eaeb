"""Another company's things, by every door there is: they are not there."""

import re
from io import BytesIO

import pytest
from sqlalchemy import select

from portal.accounts.models import ApiKey, Invitation, Membership
from portal.consignments.models import Address, Attachment
from portal.core import scope
from portal.core.db import db
from portal.core.idempotency import IdempotencyKey
from portal.exchange.models import Import
from portal.tracking.models import ShareLink
from tests.api.bodies import order
from tests.exchange.importing import GOOD, HEAD
from tests.factories import (
    make_colleague,
    make_company,
    make_consignment,
    make_dispatcher,
    make_key,
    make_person,
    push,
    user_of,
)

#: Addresses open to everybody, with what the number alone opens; and one's own sessions.
PUBLIC = re.compile(r"/(account|track|s|password|invitations|static)/|/api/v1/track/")
OWN = "GEHEIMNIS-7"  # in everything of the company that is attacked


@pytest.fixture
def victim(app, as_user):
    """Return everything of a company that has an address, by the name of its argument."""
    company = make_company(name=f"{OWN} Ltd")
    owner = make_colleague(company, name=f"{OWN} Owner")
    colleague = make_colleague(company, "viewer", name=f"{OWN} Viewer")
    made = make_consignment(company, order_ref=OWN)
    pushed = push(made.no, "picked_up", note=OWN)
    browser = as_user(owner)
    program_key = make_key(owner, company)
    browser.post(
        f"/portal/consignments/{made.no}/links", {"label": OWN, "precision": "full", "days": "3"}
    )
    party = {
        "name": OWN,
        "phone": "13800006021",
        "address": "x",
        "city": "杭州",
        "country": "CN",
        "postcode": "",
    }
    browser.post("/portal/addresses/new", party)
    browser.post("/portal/imports", {"file": (BytesIO((HEAD + GOOD).encode()), f"{OWN}.csv")})
    invited = {"email": f"{OWN}@quayside.example".lower(), "role": "viewer"}
    assert browser.post("/portal/company/colleagues/invite", invited).status_code == 302

    def refs(model):
        rows = select(model.ref).execution_options(**scope.CENTRE)
        return list(db.session.scalars(rows))

    numbers = [
        str(n)
        for n in db.session.scalars(
            select(Membership.id).where(Membership.person_id == colleague.id)
        )
    ]
    db.session.commit()
    return {
        "company": company,
        "key": program_key,
        "no": [made.no],
        "event_id": [str(pushed.id)],
        "number": numbers,
        "ref": [
            company.ref,
            *(
                r
                for m in (ApiKey, Invitation, Address, Import, ShareLink, Attachment)
                for r in refs(m)
            ),
        ],
        "which": ["result"],
        "file_format": ["csv"],
        "format": ["csv"],
    }


def _addresses(app, victim):
    """Yield (rule, path) of everything that names a thing of the victim."""
    for rule in app.url_map.iter_rules():
        named = next((name for name in ("ref", "number", "no") if name in rule.arguments), None)
        if named is not None and not PUBLIC.match(rule.rule):
            for value in victim[named]:
                yield rule, _filled(rule.rule, {**victim, named: [value]})


def _filled(rule, values):
    return re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", lambda m: values.get(m[1], ["x"])[0], rule)


def test_a_stranger_finds_nothing_of_another_company_by_any_address(app, as_user, with_key, victim):
    company = make_company()
    stranger = make_colleague(company)
    browser, program = as_user(stranger), with_key(make_key(stranger, company))
    for rule, path in _addresses(app, victim):
        for method in rule.methods - {"OPTIONS", "HEAD"}:
            if rule.rule.startswith("/api/"):
                reply = program.browser.open(path, method=method, json={}, headers=program.headers)
            elif method == "GET":
                reply = browser.get(path, buffered=True)
            else:
                reply = browser.post(
                    path, {"do": "order", "why": "x", "role": "viewer", "name": "x"}
                )
            moved = reply.status_code == 302 and "/board" in reply.headers["Location"]
            assert reply.status_code in (401, 403, 404, 422) or moved, (
                method,
                path,
                reply.status_code,
            )
            assert OWN not in reply.text, (method, path)


def test_a_stranger_finds_nothing_of_another_company_in_any_list_or_export(app, as_user, victim):
    browser = as_user(make_colleague(make_company()))
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and not rule.arguments - {"format"}:
            path = rule.rule.split("<")[0] + ("csv" if rule.arguments else "")
            for asked in (
                "",
                f"?q={OWN}",
                f"?company={victim['company'].ref}",
                f"?no={victim['no'][0]}&copy={victim['no'][0]}",
            ):
                if path.startswith("/track"):
                    continue
                assert OWN not in browser.get(path + asked, buffered=True).text.replace(
                    f"q={OWN}", ""
                ).replace(f'value="{OWN}"', "").replace(f"“{OWN}”", ""), path + asked


def test_a_stranger_hears_nothing_of_another_company(as_user, live, relayed, victim):
    browser = as_user(make_colleague(make_company()))
    socket = live(browser)
    no, ref = victim["no"][0], victim["company"].ref
    for topic, named in (
        ("consignment", no),
        ("company", ref),
        ("board", ""),
        ("board", ref),
        ("me", "1"),
    ):
        answer = socket.ask("follow", {"topic": topic, "ref": named})
        assert topic == "me" or answer["ok"] is False, topic
        reply = browser.get(f"/api/v1/stream?topic={topic}&ref={named}&after=")
        assert topic == "me" or reply.status_code == 404, topic
    push(no, "hub_arrived", note=OWN)
    relayed()
    assert socket.received() == []


def test_an_order_of_another_company_is_never_copied_into_a_form(as_user, victim):
    browser = as_user(make_colleague(make_company()))
    reply = browser.get(f"/portal/consignments/new?copy={victim['no'][0]}")
    assert reply.status_code == 404


def test_an_idempotency_key_of_somebody_else_answers_nothing_of_his(with_key):
    company = make_company()
    first, second = make_colleague(company), make_colleague(company)
    other_company = make_company()
    stranger = make_colleague(other_company)
    body, headers = order(order_ref="A-1"), {"Idempotency-Key": "k-1"}
    answers = [
        with_key(make_key(person, of)).post("/api/v1/consignments", body, headers=headers)
        for person, of in ((first, company), (second, company), (stranger, other_company))
    ]
    assert not [a for a in answers if "Idempotency-Replayed" in a.headers]
    assert answers[0].json["no"] == answers[1].json["no"]  # by its order_ref, in the same company
    assert answers[2].json["no"] != answers[0].json["no"]
    assert len(db.session.scalars(select(IdempotencyKey.id)).all()) == 3


def test_an_idempotency_key_holds_for_the_whole_address(with_key):
    company = make_company()
    program = with_key(make_key(make_colleague(company), company))
    headers = {**program.headers, "Idempotency-Key": "k-2", "Content-Type": "text/csv"}
    sent = {"method": "POST", "data": (HEAD + GOOD).encode(), "headers": headers}
    dry = program.browser.open("/api/v1/imports/consignments?dry_run=1", **sent)
    real = program.browser.open("/api/v1/imports/consignments?dry_run=0", **sent)
    assert dry.status_code in (202, 422)
    assert real.status_code == 422
    assert "Idempotency-Replayed" not in real.headers


def test_a_key_does_no_more_than_it_was_made_for(app, with_key):
    company = make_company()
    owner = make_colleague(company)
    no = make_consignment(company).no
    program = with_key(make_key(owner, company, ("figures.see",)))
    for rule in app.url_map.iter_rules():
        path = re.sub(
            r"<(?:[^:<>]+:)?([^<>]+)>",
            lambda m: no if m[1] == "no" else "csv" if m[1] == "format" else "1",
            rule.rule,
        )
        if not path.startswith(
            (
                "/portal",
                "/desk",
                "/account",
                "/api/v1/consignments",
                "/api/v1/imports",
                "/api/v1/events",
            )
        ):
            continue
        if "figures" in path:
            continue
        reply = program.get(path, buffered=True)
        assert reply.status_code in (302, 401, 403, 404, 405), (path, reply.status_code)


@pytest.mark.parametrize("role", ["admin", "operations", "viewer", "finance", "requester"])
def test_nobody_makes_himself_owner(as_user, role):
    company = make_company()
    make_colleague(company)
    person = make_colleague(company, role)
    number = db.session.scalar(select(Membership.id).where(Membership.person_id == person.id))
    db.session.commit()
    browser = as_user(person)
    for wanted in ("owner", "dispatcher", "", "OWNER", "owner\0"):
        assert browser.post(
            f"/portal/company/colleagues/{number}", {"role": wanted}
        ).status_code in (403, 422)
    browser.post("/portal/company/colleagues/invite", {"email": "x@y.example", "role": "owner"})
    browser.post("/desk/admin/staff/new", {"email": "x@y.example", "name": "x", "role": "admin"})
    browser.post(
        "/account/profile",
        {"name": "x", "staff_role": "admin", "role": "owner", "email": "a@b.example"},
    )
    assert db.session.scalar(select(Membership.role).where(Membership.id == number)) == role
    assert db.session.scalars(select(Invitation.id).execution_options(**scope.CENTRE)).all() == []
    user = user_of(person, company, role)
    assert user.staff_role is None


def test_the_staff_who_see_everything_still_push_only_with_the_right(with_key, as_user):
    no = make_consignment().no
    for role in ("driver", "agent", "sales", "finance", "buyer", "moderator", "marketing"):
        program = with_key(make_key(make_person(staff_role=role)))
        body = {"code": "picked_up"}
        assert program.post(f"/api/v1/consignments/{no}/events", body).status_code == 403
        assert program.post("/api/v1/events", {"events": [{**body, "no": no}]}).status_code == 403
    assert (
        with_key(make_key(make_dispatcher()))
        .post(f"/api/v1/consignments/{no}/events", body)
        .status_code
        == 201
    )


def test_nobody_ends_the_session_of_somebody_else(as_user):
    victim, attacker = as_user(make_colleague()), as_user(make_colleague())
    for number in range(1, 6):
        if number != 2:  # the attacker's own
            assert attacker.post(f"/account/sessions/{number}/end").status_code == 404
    assert victim.get("/portal").status_code == 200
