"""The desk: first page, the list over all companies, one consignment and what is done to it."""

import io
import re

import pytest
from PIL import Image
from sqlalchemy import select

from portal.accounts.roles import STAFF_ROLES
from portal.consignments.models import Attachment, Incident, TrackingEvent
from portal.core import files, scope
from portal.core.db import db
from tests.factories import (
    make_colleague,
    make_company,
    make_consignment,
    make_dispatcher,
    make_person,
    push,
    reload,
)

DESK = "/desk/consignments"


@pytest.fixture
def dispatcher(as_user):
    """Return the browser of a dispatcher."""
    return as_user(make_dispatcher())


def events_of(no: str) -> list:
    """Return the events of a consignment, in order."""
    table = TrackingEvent.__table__
    query = select(table).where(table.c.consignment_id == reload(no).id).order_by(table.c.seq)
    return list(db.session.execute(query.execution_options(**scope.CENTRE)))


def photo() -> tuple[io.BytesIO, str]:
    """Return a small photo as a browser hands it in."""
    data = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(data, "JPEG")
    data.seek(0)
    return data, "damage.jpg"


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_every_staff_role_has_a_first_page(as_user, role):
    make_consignment()
    page = as_user(make_person(staff_role=role)).get("/desk")
    assert page.status_code == 200
    assert ("What waits" in page.text) == ("consignments.see_all" in STAFF_ROLES[role])
    assert ('href="/desk/board"' in page.text) == ("board.see" in STAFF_ROLES[role])


def test_a_member_has_no_desk(as_user):
    member, no = as_user(make_colleague()), make_consignment().no
    for path in ("/desk", "/desk/waiting", "/desk/design", DESK, f"{DESK}/{no}", f"{DESK}/counts"):
        assert member.get(path).status_code == 403, path
    for path in ("push", "resolve", "cancel", "events/1/withdraw"):
        assert (
            member.post(f"{DESK}/{no}/{path}", {"why": "x", "code": "picked_up"}).status_code == 403
        )
    assert reload(no).status_seq == 1


def test_a_driver_sees_no_list(as_user):
    driver = as_user(make_person(staff_role="driver"))
    assert driver.get(DESK).status_code == 403
    assert driver.get(f"{DESK}/{make_consignment().no}").status_code == 403


def test_the_components_are_shown(dispatcher):
    assert dispatcher.get("/desk/design").status_code == 200


def test_the_first_page_counts_what_waits(dispatcher):
    make_consignment()
    lost = make_consignment().no
    push(lost, "picked_up")
    push(lost, "lost")
    page = dispatcher.get("/desk/waiting").text
    assert lost in page
    assert re.search(r"Exceptions</span><b class=\"num\">1<", page)
    assert re.search(r"Not assigned</span><b class=\"num\">1<", page)


def test_the_list_shows_every_company_and_filters_by_one(dispatcher):
    first, second = make_company(name="Anchor"), make_company(name="Bollard")
    mine, other = make_consignment(first).no, make_consignment(second).no
    everything = dispatcher.get(DESK).text
    assert all(part in everything for part in (mine, other, "Anchor", "Bollard"))
    only = dispatcher.get(f"{DESK}?company={first.ref}").text
    assert mine in only
    assert other not in only
    assert other not in dispatcher.get(f"{DESK}?company=CUNKNOWN").text
    assert mine in dispatcher.get(f"{DESK}?q={mine}").text


def test_the_list_pages_by_keyset_both_ways(dispatcher):
    company = make_company()
    nos = [make_consignment(company).no for _ in range(5)]
    page = dispatcher.get(f"{DESK}?limit=2").text
    older = re.search(r'rel="next" href="([^"]+)"', page)[1].replace("&amp;", "&")
    second = dispatcher.get(older).text
    assert nos[2] in second
    assert nos[4] not in second
    newer = re.search(r'rel="prev" href="([^"]+)"', second)[1].replace("&amp;", "&")
    assert nos[4] in dispatcher.get(newer).text


def test_an_unknown_number_is_not_found(dispatcher):
    for path in ("", "/head", "/timeline", "/facts", "/history", "/row", "/amend", "/cancel"):
        assert dispatcher.get(f"{DESK}/QS00000000000A{path}").status_code == 404, path
    assert dispatcher.post(f"{DESK}/QS00000000000A/push", {"code": "picked_up"}).status_code == 404


def test_the_raw_history_keeps_what_was_withdrawn(dispatcher):
    no = make_consignment().no
    push(no, "picked_up", note="for us only", published=False)
    event = events_of(no)[1].id
    reply = dispatcher.post(f"{DESK}/{no}/events/{event}/withdraw", {"why": "wrong van"})
    assert reply.status_code == 302
    page = dispatcher.get(f"{DESK}/{no}").text
    assert reload(no).status == "ordered"
    assert all(
        part in page for part in ("for us only", "wrong van", "<s>Picked up</s>", "of no. 2")
    )


def test_internal_notes_stay_with_those_who_may_see_them(as_user):
    no = make_consignment().no
    push(no, "note", note="for us only", published=False)
    sales = as_user(make_person(staff_role="sales"))
    assert "for us only" not in sales.get(f"{DESK}/{no}").text


def test_withdrawing_needs_a_reason(dispatcher):
    no = make_consignment().no
    push(no, "picked_up")
    event = events_of(no)[1].id
    reply = dispatcher.post(f"{DESK}/{no}/events/{event}/withdraw", {"why": " "})
    assert reply.status_code == 422
    assert "Please say why" in reply.text
    assert reload(no).status == "picked_up"


def test_an_event_of_another_consignment_is_not_withdrawn_here(dispatcher):
    here, there = make_consignment().no, make_consignment().no
    push(there, "picked_up")
    event = events_of(there)[1].id
    reply = dispatcher.post(f"{DESK}/{here}/events/{event}/withdraw", {"why": "x"})
    assert reply.status_code == 404
    assert reload(there).status == "picked_up"


def test_a_push_with_a_photo_keeps_both_and_a_second_sending_adds_nothing(dispatcher):
    no = make_consignment().no
    for _ in range(2):
        form = {"code": "picked_up", "published": "y", "key": "one-time-key", "photo": photo()}
        reply = dispatcher.post(f"{DESK}/{no}/push", form, content_type="multipart/form-data")
        assert reply.status_code == 302
    assert reload(no).status == "picked_up"
    query = select(Attachment.__table__).execution_options(**scope.CENTRE)
    (kept,) = db.session.execute(query).all()
    shown = dispatcher.get(f"{DESK}/{no}/photos/{kept.ref}")
    assert shown.mimetype == "image/jpeg"


def test_a_refused_push_keeps_no_photo(dispatcher, monkeypatch):
    no = make_consignment().no
    kept = []
    real = files.keep_picture
    monkeypatch.setattr(files, "keep_picture", lambda data: kept.append(real(data)) or kept[-1])
    form = {"code": "delivered", "photo": photo()}
    reply = dispatcher.post(f"{DESK}/{no}/push", form, content_type="multipart/form-data")
    assert reply.status_code == 409
    assert "cannot become" in reply.text
    assert not files.path(kept[0].key).exists()


def test_what_is_no_photo_is_refused_in_words(dispatcher):
    no = make_consignment().no
    form = {"code": "picked_up", "photo": (io.BytesIO(b"<svg/>"), "x.jpg")}
    reply = dispatcher.post(f"{DESK}/{no}/push", form, content_type="multipart/form-data")
    assert reply.status_code == 422
    assert "not a photo we can read" in reply.text
    assert reload(no).status_seq == 1


def test_an_incident_is_resolved(dispatcher):
    no = make_consignment().no
    push(no, "incident", reason="damaged")
    assert reload(no).open_incidents == 1
    reply = dispatcher.post(f"{DESK}/{no}/resolve", {"why": "repacked", "published": "y"})
    assert reply.status_code == 302
    assert reload(no).open_incidents == 0
    query = select(Incident.__table__).execution_options(**scope.CENTRE)
    assert db.session.execute(query).one().closed_at is not None


def test_the_staff_cancel_for_a_shipper_while_it_is_possible(dispatcher):
    no, gone = make_consignment().no, make_consignment().no
    push(gone, "picked_up")
    assert dispatcher.post(f"{DESK}/{no}/cancel", {"why": "asked by phone"}).status_code == 302
    assert reload(no).status == "cancelled"
    assert dispatcher.post(f"{DESK}/{gone}/cancel", {"why": "x"}).status_code == 409


def test_the_staff_amend_for_a_shipper(dispatcher):
    no = make_consignment().no
    page = dispatcher.get(f"{DESK}/{no}/amend")
    assert page.status_code == 200
    fields = dict(re.findall(r'<input[^>]*?name="([\w-]+)"[^>]*?value="([^"]*)"', page.text))
    fields |= {"consignor-country": "CN", "consignee-country": "CN", "note": "ring twice"}
    fields.pop("csrf_token", None)
    reply = dispatcher.post(f"{DESK}/{no}/amend", fields)
    assert reply.status_code == 302, re.findall(r'class="error"[^>]*>([^<]*)', reply.text)
    assert reload(no).note == "ring twice"


def test_a_warehouse_operator_pushes_but_does_not_cancel(as_user):
    operator, no = as_user(make_person(staff_role="warehouse")), make_consignment().no
    assert operator.post(f"{DESK}/{no}/cancel", {"why": "x"}).status_code == 403
    assert operator.post(f"{DESK}/{no}/push", {"code": "picked_up"}).status_code == 302
    assert reload(no).status == "picked_up"
