"""Tracking by number: what it opens, and that nothing else is told."""

from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import event, text

from portal.consignments.rules import numbers
from portal.core import clock
from portal.core.db import db, transaction
from tests.factories import make_consignment, make_dispatcher, party, push

SECRETS = (
    "周敏",
    "13800006021",
    "6021",
    "文一西路",
    "311121",
    "下沙站",
    "先生",
    "华东家居",
    "留门口",
    "SO-",
)


def on_its_way(code="out_for_delivery", **values):
    """Make a consignment with places and notes that strangers must not read."""
    no = make_consignment(**values).no
    path = {"picked_up": 0, "dest_city": 1, "out_for_delivery": 2, "delivered": 3}
    for step in list(path)[: path[code] + 1]:
        push(no, step, place="下沙站 3 号", note="留门口给先生")
    push(no, "note", note="内部先生", published=False)
    return no


def mistyped(no):
    """Return the number with a wrong check character."""
    wrong = numbers.ALPHABET[(numbers.ALPHABET.index(no[-1]) + 1) % 32]
    return no[:-1] + wrong


def test_the_number_alone_shows_milestone_city_and_dates(browser):
    no = on_its_way()
    page = browser.get(f"/track/{no}")
    assert page.status_code == 200
    assert 'data-status="out_for_delivery"' in page.text
    assert "杭州" in page.text
    assert "noindex" in page.headers["X-Robots-Tag"]


def test_the_number_alone_tells_nothing_personal(browser):
    page = browser.get(f"/track/{on_its_way()}").text
    assert [word for word in SECRETS if word in page] == []


def test_the_number_alone_begins_no_session(browser):
    assert "Set-Cookie" not in browser.get(f"/track/{on_its_way()}").headers


def test_the_hot_look_up_costs_three_statements(browser, app):
    no, seen = on_its_way(), []
    browser.get(f"/track/{no}")

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    browser.get(f"/track/{no}")
    event.remove(db.engine, "before_cursor_execute", note)
    assert len([each for each in seen if each.startswith("SELECT")]) <= 3
    assert [each for each in seen if each.startswith(("INSERT", "UPDATE"))] == []


def test_wrong_unknown_and_draft_numbers_look_alike(browser):
    draft = make_consignment().no
    with transaction():
        db.session.execute(
            text("UPDATE consignment SET status = 'draft' WHERE no = :no"), {"no": draft}
        )
    unknown = numbers.new_number()
    asked = (mistyped(draft), unknown, draft, "HELLO")
    replies = [browser.get(f"/track/{no}") for no in asked]
    assert {reply.status_code for reply in replies} == {404}
    bodies = [without_nonce(r.text).replace(no, "…") for r, no in zip(replies, asked, strict=True)]
    assert all(one == other for one, other in pairwise(bodies))


def without_nonce(page):
    """Return a page without what differs in every answer."""
    cut = page.split('nonce="')
    plain = cut[0] + "".join(part.split('"', 1)[1] for part in cut[1:])
    head, _, rest = plain.partition('print-only">')
    return head + rest.partition("</p>")[2]


def test_a_missing_number_costs_the_same_statements_as_a_mistyped_one(browser):
    no = numbers.new_number()
    assert statements(browser, no) == statements(browser, mistyped(no))


def statements(browser, no):
    """Return the statements of one look-up."""
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    browser.get(f"/track/{no}")
    event.remove(db.engine, "before_cursor_execute", note)
    return seen


def test_a_number_written_with_spaces_and_small_letters_is_found(browser):
    no = on_its_way()
    spaced = f"{no[:2]} {no[2:8]} {no[8:13]} {no[13:]}".lower()
    reply = browser.get("/track", query_string={"no": spaced})
    assert reply.location.endswith(f"/track/{no}")


def test_many_numbers_are_answered_in_one_table(browser):
    known, unknown = on_its_way(), numbers.new_number()
    page = browser.get("/track", query_string={"no": f"{known}, {unknown}\n{mistyped(known)} x"})
    assert page.status_code == 200
    assert page.text.count("<tr role") == 1 + 4
    assert page.text.count("There is no consignment with that number.") == 3
    assert [word for word in SECRETS if word in page.text] == []


def test_thirty_numbers_are_answered_and_more_keep_what_was_typed(browser):
    nos = [numbers.new_number() for _ in range(31)]
    assert browser.get("/track", query_string={"no": " ".join(nos[:30])}).status_code == 200
    page = browser.get("/track", query_string={"no": "\n".join(nos)})
    assert page.status_code == 422
    assert all(no in page.text for no in nos)


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "\x00",
        "a" * 3000,
        "../../etc",
        "%00",
        "' OR 1=1 --",
        "‮QS",
        "💥",
        "?#",
    ],
)
def test_hostile_input_is_only_a_wrong_number(browser, hostile):
    reply = browser.get("/track", query_string={"no": hostile}, follow_redirects=True)
    assert "There is no consignment with that number." in reply.text
    assert "<script>alert" not in reply.text


def test_a_lost_consignment_stays_at_the_step_it_had_reached(browser):
    no = on_its_way("dest_city")
    push(no, "lost", occurred_at=clock.now() + timedelta(seconds=1))
    page = browser.get(f"/track/{no}").text
    assert 'data-status="lost"' in page
    assert 'aria-current="step"><b>In transit' in page


def test_an_ordered_consignment_is_in_the_consignors_city(browser):
    no = make_consignment(consignee=party(city="广州")).no
    page = browser.get(f"/track/{no}").text
    assert "杭州" in page
    assert "广州" not in page


def test_staff_see_the_same_page_as_everybody(as_user):
    page = as_user(make_dispatcher()).get(f"/track/{on_its_way()}").text
    assert [word for word in SECRETS if word in page] == []


def test_a_look_up_costs_as_many_as_it_asks_for(browser, app, monkeypatch):
    monkeypatch.setitem(app.config, "RATE_LIMITS", {"lookup": "5/minute"})
    visitor = {"REMOTE_ADDR": "10.1.2.3"}
    nos = " ".join(numbers.new_number() for _ in range(5))
    assert browser.get("/track", query_string={"no": nos}, environ_base=visitor).status_code == 200
    assert browser.get(f"/track/{nos[:14]}", environ_base=visitor).status_code == 429
    assert browser.get(f"/api/v1/track/{nos[:14]}", environ_base=visitor).status_code == 429
    assert browser.get("/s/nothing", environ_base=visitor).status_code == 429


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "hostile", ["%00", "QS%00", "%ED%A0%80", "%F0%9F%92%A5", "x" * 2000, "QS" + "9" * 12]
)
def test_no_address_below_track_breaks_anything(app, browser, hostile):
    for path in ("/track/{}", "/api/v1/track/{}", "/s/{}", "/track/{}/timeline", "/s/{}/timeline"):
        assert browser.get(path.format(hostile)).status_code == 404
