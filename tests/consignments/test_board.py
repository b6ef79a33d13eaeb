"""The dispatcher's board: queues and pushes, each row answering for itself."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select

from portal.consignments.models import Consignment, StatusCount, TrackingEvent
from portal.consignments.rules import pasted
from portal.consignments.rules.queues import QUEUES
from portal.core import clock, scope
from portal.core import db as database
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

pytestmark = pytest.mark.both_databases
KEY = "one-time-key"
FRAGMENT = {"X-Fragment": "1"}


@pytest.fixture
def dispatcher(as_user):
    """Return the browser of a dispatcher."""
    return as_user(make_dispatcher())


def pushed(browser: Any, *nos: str, code: str = "picked_up", **fields: Any) -> Any:
    """Push a status from the board as its script does."""
    form = {"no": list(nos), "code": code, "key": KEY, "published": "y", **fields}
    return browser.post("/desk/board/push", form, headers=FRAGMENT)


def outcomes(reply: Any) -> dict[str, str]:
    """Return number → kind of the answer's rows."""
    rows = re.findall(r'data-outcome="(\w+)" data-no="([^"]*)"', reply.text)
    return {no: kind for kind, no in rows}


def test_a_driver_sees_no_board(as_user):
    driver = as_user(make_person(staff_role="driver"))
    assert driver.get("/desk/board").status_code == 403


def test_a_member_sees_no_board(as_user):
    member = as_user(make_colleague())
    assert member.get("/desk/board").status_code == 403
    assert member.get("/desk/board/counts").status_code == 403
    assert member.get(f"/desk/board/{make_consignment().no}/card").status_code == 403


def test_a_visitor_is_shown_the_way_in(browser):
    assert browser.get("/desk/board").status_code == 302


def test_an_agent_sees_the_board_but_cannot_push(as_user):
    agent, no = as_user(make_person(staff_role="agent")), make_consignment().no
    page = agent.get("/desk/board")
    assert page.status_code == 200
    assert 'id="push"' not in page.text
    assert pushed(agent, no).status_code == 403
    assert reload(no).status == "ordered"


def test_a_consignment_stands_in_the_queue_of_its_status(dispatcher):
    no = make_consignment().no
    push(no, "picked_up")
    page = dispatcher.get("/desk/board").text
    hub = page[page.index('id="queue-hub"') : page.index('id="queue-way"')]
    assert no in hub


def test_each_row_answers_for_itself(dispatcher):
    fine, again, closed = (make_consignment().no for _ in range(3))
    push(closed, "cancelled", source="manual")
    pushed(dispatcher, again)
    reply = pushed(dispatcher, fine, again, closed, "QS00000000000A")
    assert outcomes(reply) == {
        closed: "refused",
        "QS00000000000A": "unknown",
        again: "duplicate",
        fine: "accepted",
    }
    assert "cannot become" in reply.text
    assert [reload(no).status for no in (fine, again, closed)] == [
        "picked_up",
        "picked_up",
        "cancelled",
    ]


def test_a_push_of_many_is_one_commit(dispatcher, monkeypatch):
    nos = [make_consignment().no for _ in range(20)]
    commits = []
    monkeypatch.setattr(database, "after_commit", [lambda: commits.append(1)])
    assert set(outcomes(pushed(dispatcher, *nos)).values()) == {"accepted"}
    assert len(commits) == 1


def test_sending_the_same_form_twice_records_it_once(dispatcher):
    no = make_consignment().no
    pushed(dispatcher, no)
    assert outcomes(pushed(dispatcher, no)) == {no: "duplicate"}
    assert reload(no).status_seq == 2


def test_a_push_without_javascript_answers_with_a_page(dispatcher):
    fine, closed = make_consignment().no, make_consignment().no
    push(closed, "cancelled", source="manual")
    form = {"numbers": f"{fine}\n{closed}", "code": "picked_up", "published": "y"}
    reply = dispatcher.post("/desk/board/push", form)
    assert reply.status_code == 200
    assert reply.mimetype == "text/html"
    assert outcomes(reply) == {fine: "accepted", closed: "refused"}
    assert dispatcher.get("/desk/board/push?lang=en").location == "/desk/board?lang=en"
    assert f'value="{closed}" checked' in reply.text


def test_a_push_needs_a_status_and_a_number(dispatcher):
    assert "Choose consignments first" in pushed(dispatcher).text
    reply = pushed(dispatcher, make_consignment().no, code="")
    assert reply.status_code == 422
    assert "Choose the status" in reply.text


@pytest.mark.parametrize("code", ["draft", "retraction", "nonsense", "__class__"])
def test_a_status_that_cannot_be_pushed_is_refused(dispatcher, code):
    no = make_consignment().no
    assert pushed(dispatcher, no, code=code).status_code == 422
    assert reload(no).status_seq == 1


def test_a_time_that_cannot_be_read_is_refused_at_its_field(dispatcher):
    no = make_consignment().no
    reply = pushed(dispatcher, no, occurred="yesterday-ish")
    assert reply.status_code == 422
    assert "#occurred" in reply.text
    assert reload(no).status_seq == 1


def test_a_push_keeps_what_was_said_with_it(dispatcher):
    no = make_consignment().no
    pushed(
        dispatcher,
        no,
        place="Hangzhou gate 3",
        note="two\x00 pallets",
        reason="delay",
        published="",
    )
    kept = db.session.execute(
        select(TrackingEvent.__table__)
        .where(TrackingEvent.seq == 2)
        .execution_options(**scope.CENTRE)
    ).one()
    assert (kept.place, kept.note, kept.reason) == ("Hangzhou gate 3", "two pallets", "delay")
    assert kept.source == "manual"


def test_numbers_are_read_from_lines_links_and_piece_codes(dispatcher):
    first, second, third = (make_consignment().no for _ in range(3))
    sscc = db.session.scalar(
        select(Consignment.__table__.metadata.tables["piece"].c.sscc)
        .where(Consignment.__table__.metadata.tables["piece"].c.consignment_id == reload(third).id)
        .execution_options(**scope.CENTRE)
    )
    text = f"1;{first[:2]} {first[2:8]} {first[8:13]} {first[13:]};Hangzhou\nhttp://x/track/{second}\n(00){sscc}"
    reply = pushed(dispatcher, numbers=text)
    assert outcomes(reply) == dict.fromkeys((first, second, third), "accepted")


def test_more_than_500_numbers_are_refused_as_a_whole(dispatcher):
    no = make_consignment().no
    text = "\n".join([no, *(f"QS{n:012d}" for n in range(500))])
    reply = pushed(dispatcher, numbers=text)
    assert reply.status_code == 422
    assert "At most 500" in reply.text
    assert reload(no).status_seq == 1


@pytest.mark.parametrize(
    "text",
    [
        "\x00\x01\x02",
        "<script>alert(1)</script>",
        "' OR 1=1 --",
        "QS" * 20_000,
        "9" * 50_000,
        "\u202eQS7D0VH3E8MJ2Q",
        "\uff31\uff33" + "\uff17" * 12,
        "word" * 10_000,
    ],
)
def test_hostile_text_is_answered_in_words(dispatcher, text):
    reply = pushed(dispatcher, numbers=text)
    assert reply.status_code in (200, 422)
    assert "<script>alert" not in reply.text
    look = dispatcher.post("/desk/board/look", {"numbers": text}, headers=FRAGMENT)
    assert look.status_code == 200


def test_undo_withdraws_what_the_push_recorded(dispatcher):
    nos = [make_consignment().no for _ in range(3)]
    pushed(dispatcher, *nos)
    reply = dispatcher.post("/desk/board/undo", {"key": KEY, "no": nos}, headers=FRAGMENT)
    assert outcomes(reply) == dict.fromkeys(nos, "withdrawn")
    assert {reload(no).status for no in nos} == {"ordered"}


def test_undo_comes_too_late_after_a_minute(dispatcher, monkeypatch):
    no = make_consignment().no
    pushed(dispatcher, no)
    later = clock.now() + timedelta(seconds=61)
    monkeypatch.setattr(clock, "now", lambda: later)
    reply = dispatcher.post("/desk/board/undo", {"key": KEY, "no": [no]}, headers=FRAGMENT)
    assert outcomes(reply) == {no: "refused"}
    assert "More than a minute" in reply.text
    assert reload(no).status == "picked_up"


def test_nobody_undoes_what_a_colleague_pushed(dispatcher, as_user):
    no = make_consignment().no
    pushed(dispatcher, no)
    other = as_user(make_dispatcher())
    reply = other.post("/desk/board/undo", {"key": KEY, "no": [no]}, headers=FRAGMENT)
    assert outcomes(reply) == {no: "unknown"}
    assert reload(no).status == "picked_up"


def counted(browser: Any) -> dict[str, int]:
    """Return queue → the count that the board shows."""
    text = browser.get("/desk/board/counts").text
    return {code: int(n) for code, n in re.findall(r'data-count="(\w+)">(\d+)<', text)}


def recounted() -> dict[str, int]:
    """Return queue → how many consignments really are in it."""
    table = Consignment.__table__
    query = select(table.c.status, func.count()).group_by(table.c.status)
    rows = db.session.execute(query.execution_options(**scope.CENTRE))
    found = {row[0]: row[1] for row in rows}
    return {queue.code: sum(found.get(s, 0) for s in queue.statuses) for queue in QUEUES}


def test_counts_are_right_at_once(dispatcher):
    nos = [make_consignment().no for _ in range(4)]
    assert counted(dispatcher) == recounted()
    pushed(dispatcher, *nos[:3])
    assert counted(dispatcher) == recounted()
    assert counted(dispatcher)["hub"] == 3
    dispatcher.post("/desk/board/undo", {"key": KEY, "no": nos}, headers=FRAGMENT)
    assert counted(dispatcher) == recounted()


def test_counts_of_one_company(dispatcher):
    mine, other = make_company(), make_company()
    make_consignment(mine)
    make_consignment(other)
    text = dispatcher.get(f"/desk/board/counts?company={mine.ref}").text
    assert 'data-count="pickup">1<' in text
    assert StatusCount.__table__.info["scope"]


def statements_of(browser: Any, path: str) -> int:
    """Return how many statements a page takes."""
    seen: list[str] = []
    note = lambda *args: seen.append(args[2])  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert browser.get(path).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def test_sixty_cards_take_as_many_statements_as_one(dispatcher):
    company = make_company()
    for _ in range(2):
        make_consignment(company)
    dispatcher.get("/desk/board")
    with_one = statements_of(dispatcher, "/desk/board")
    for number in range(60):
        no = make_consignment(company).no
        if number % 2:
            push(no, "picked_up")
    assert statements_of(dispatcher, "/desk/board") == with_one


def test_the_most_urgent_come_first_and_more_on_request(dispatcher):
    nos = [make_consignment(ordered_at=clock.now() - timedelta(hours=n)).no for n in range(33)]
    page = dispatcher.get("/desk/board").text
    shown = re.findall(r'class="job[^"]*" data-no="(\w+)"', page)
    assert shown == list(reversed(nos))[:30]
    more = re.search(r'data-url="([^"]+)"', page)[1].replace("&amp;", "&")
    rest = re.findall(
        r'class="job[^"]*" data-no="(\w+)"', dispatcher.get(more, headers=FRAGMENT).text
    )
    assert rest == list(reversed(nos))[30:]


def test_filters_leave_only_what_fits(dispatcher):
    company = make_company()
    mine, other = make_consignment(company).no, make_consignment(service="cold").no
    push(make_consignment().no, "picked_up")
    for query, found in (
        (f"company={company.ref}", {mine}),
        ("service=cold", {other}),
        (f"q={mine}", {mine}),
        ("company=CNOBODY", set()),
        ("late=1", set()),
        ("city=Nowhere", set()),
    ):
        text = dispatcher.get(f"/desk/board?{query}").text
        assert set(re.findall(r'class="job[^"]*" data-no="(\w+)"', text)) == found, query


def test_a_forged_cursor_is_refused_in_words(dispatcher):
    for cursor in ("x", "W10", "WyJhIiwxXQ", "WzEsMl0"):
        reply = dispatcher.get(f"/desk/board/queues/hub?after={cursor}", headers=FRAGMENT)
        assert reply.status_code in (200, 422)


def test_a_text_is_read_for_what_it_names():
    found = pasted.read("QS 4F7K2M 9T0XB 7, QS1N8KE5XZ40PC\r\n]C100369012340001188401\rhello")
    assert [(f.kind, f.text) for f in found] == [
        ("no", "QS4F7K2M9T0XB7"),
        ("no", "QS1N8KE5XZ40PC"),
        ("sscc", "369012340001188401"),
        ("unread", "HELLO"),
    ]
