"""Pages of messages: who reads what, in pages, parts and sockets; forms and scripts."""

from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.db import end_reading, write
from portal.forum.service import acts, blocking
from tests.direct.making import handle_of, make_listed, message_of, report_of, send, trust
from tests.factories import make_person, user_of
from tests.forum.making import make_member
from tests.rooms.making import make_staff

SCRIPT = {"X-Fragment": "1"}
SECRET = "绝密报价"


def signed_in(as_user, user):
    class Known:
        email = user.email

    return as_user(Known)


@pytest.fixture
def two(app):
    """Return two people and what the first wrote."""
    li, wang = make_member(name="李晓云"), make_member(name="Wang Wei")
    trust(li, 1)
    return li, wang, send(li, wang, SECRET)


def addresses(sent):
    talk = f"/club/messages/{sent.ref}"
    return [talk, f"{talk}/behind?no=0", f"{talk}/1", f"{talk}/1/part"]


def forms(sent):
    talk = f"/club/messages/{sent.ref}"
    said = {"text": "x", "blocked": "1", "reason": "rude"}
    ways = ("", "/block", "/delete", "/1/report", "/1/delete")
    return [(talk + way, said) for way in ways]


@pytest.mark.parametrize("who", ["member", "moderator", "manager", "blocked", "moderator, report"])
def test_nobody_but_the_two_reads_a_talk(app, as_user, two, who):
    _li, wang, sent = two
    if who == "moderator, report":
        wangs = signed_in(as_user, wang)
        wangs.post(f"/club/messages/{sent.ref}/1/report", {"reason": "rude"})
    if who == "blocked":
        stranger = make_member()
        end_reading()
        write(lambda on: blocking.block(wang, stranger.person_id, on=on))
    else:
        role = who.partition(",")[0]
        stranger = make_member() if role == "member" else make_staff(role)
    browser = signed_in(as_user, stranger)
    for path in addresses(sent):
        reply = browser.get(path, headers=SCRIPT if "behind" in path else {})
        assert (reply.status_code, SECRET in reply.text) == (404, False), path
    for path, said in forms(sent):
        assert browser.post(path, said).status_code == 404, path
    for path in ("/club/messages", "/club/messages/list", "/club", "/desk/review", "/club/members"):
        assert SECRET not in browser.get(path, follow_redirects=True).text
    reading = browser.get(f"/club/messages/reports/{report_of(sent) if ',' in who else 'DRX'}")
    expected = {"moderator, report": 200, "moderator": 404, "manager": 404}.get(who, 403)
    assert reading.status_code == expected
    assert (SECRET in reading.text) == (expected == 200)


def test_the_suspended_and_the_silenced(app, as_user, two):
    li, wang, sent = two
    silenced, suspended = signed_in(as_user, wang), signed_in(as_user, li)
    moderator, until = make_staff(), clock.now() + timedelta(days=1)
    end_reading()
    for person, kind in ((wang, "silence"), (li, "suspension")):
        whom = (person.person_id, kind, until, moderator)
        write(lambda on, whom=whom: acts.sanction(*whom, reason="Spam", on=on))
    assert SECRET in silenced.get(f"/club/messages/{sent.ref}").text
    refused = silenced.post(f"/club/messages/{sent.ref}", {"text": "但是我想说"})
    assert refused.status_code == 422
    assert "但是我想说" in refused.text  # nothing is lost
    for path in addresses(sent):
        assert suspended.get(path).status_code == 403


def test_two_people_write_by_the_form(app, as_user, two):
    li, wang, sent = two
    browser = signed_in(as_user, wang)
    page = browser.get("/club/messages").text
    assert SECRET in page
    assert '1<span class="hide"> unread' in page
    page = browser.get(f"/club/messages/{sent.ref}").text
    assert "New since you were here" in page
    assert "unread" not in browser.get("/club/messages").text.split("direct-list")[1]
    name = page.split('name="form_name"')[1].split('value="')[1].split('"')[0]
    text = "**好** <script>x</script> [坏](javascript:x) QS7K2M9TXXXXXX"
    for _again in range(2):  # the same form sent twice is one message
        reply = browser.post(f"/club/messages/{sent.ref}", {"text": text, "form_name": name})
        assert reply.status_code == 303
    page = signed_in(as_user, li).get(f"/club/messages/{sent.ref}").text
    assert page.count("<strong>好</strong>") == 1
    assert "<script>x" not in page
    assert 'href="javascript' not in page
    assert "<bdi>Wang Wei</bdi>" in page


def test_the_script_gets_what_is_new_or_the_reason(app, as_user, two):
    li, wang, sent = two
    browser, talk = signed_in(as_user, wang), f"/club/messages/{sent.ref}"
    said = {"text": "收到", "form_name": "a", "last": 0}
    reply = browser.post(talk, said, headers=SCRIPT)
    assert reply.status_code == 201
    assert SECRET in reply.text
    assert "收到" in reply.text
    assert "<html" not in reply.text
    empty = browser.post(talk, {"text": " "}, headers=SCRIPT)
    assert (empty.status_code, empty.text) == (422, "Write something first.")
    end_reading()
    write(lambda on: blocking.block(li, wang.person_id, on=on))
    refused = browser.post(talk, {"text": "还在吗"}, headers=SCRIPT)
    assert (refused.status_code, refused.text) == (422, "This message cannot be delivered.")


def test_the_first_message_by_handle_and_whom_one_may_ask_for(app, as_user):
    li, wang, hidden = make_member(), make_listed("王伟"), make_member()
    browser = signed_in(as_user, li)
    way = f"/club/messages/to/{handle_of(wang)}"
    assert browser.get(f"/club/messages/to/{handle_of(hidden)}").status_code == 404
    assert browser.post(f"/club/messages/to/{handle_of(hidden)}", {"text": "x"}).status_code == 404
    refused = browser.post(way, {"text": "我是新来的"})
    assert refused.status_code == 422
    assert "writing first takes the trust" in refused.text
    assert "我是新来的" in refused.text
    trust(li, 1)
    sent = browser.post(way, {"text": "您好"})
    assert sent.status_code == 303
    assert browser.get(way).headers["Location"].startswith("/club/messages/DM")
    assert "Nobody writes to himself" in signed_in(as_user, wang).get(way).text


def test_names_that_turn_the_page_around_are_isolated(app, as_user):
    evil = make_listed("\u202eadmin", about="x")
    sent = send(evil, li := make_member(), "\u202e反向")
    page = signed_in(as_user, li).get(f"/club/messages/{sent.ref}").text
    assert "\u202e反向" not in page
    for line in page.splitlines():
        shown = line.replace("<bdi>\u202eadmin</bdi>", "").replace('"true">\u202e</span>', "")
        assert "\u202e" not in shown or "<title>" in line or "data-said" in line


def test_a_moderator_reads_what_was_reported_and_that_is_logged(app, as_user, two):
    _li, wang, sent = two
    reporter = signed_in(as_user, wang)
    reporter.post(f"/club/messages/{sent.ref}/1/report", {"reason": "rude", "note": "so"})
    desk = signed_in(as_user, make_staff())
    queue = desk.get("/desk/review").text
    ref = report_of(sent)
    assert f"/club/messages/reports/{ref}" in queue
    assert SECRET not in queue
    page = f"/club/messages/reports/{ref}"
    assert SECRET in desk.get(page).text
    assert desk.post(page, {"outcome": "agreed"}).status_code == 409  # without a word
    assert desk.post(page, {"outcome": "agreed", "answer": "太过分"}).status_code == 303
    assert desk.get(page).status_code == 404
    told = reporter.get(f"/club/messages/{sent.ref}").text
    assert "A moderator agreed and removed the message." in told
    assert "太过分" in told
    assert SECRET not in told


def test_sockets_hear_numbers_of_their_own_talks_only(app, as_user, live, relayed, two):
    li, wang, sent = two
    stranger = make_staff()
    pages = {each.person_id: live(signed_in(as_user, each)) for each in (li, wang, stranger)}
    for page in pages.values():
        assert page.ask("follow", {"topic": "me", "ref": ""})["ok"]
    send(wang, li, "回信" + SECRET, trust=0)
    relayed()
    heard = {person: page.received() for person, page in pages.items()}
    for each in (li, wang):
        event = [e for e in heard[each.person_id] if e["type"] == "club.message_written"][-1]
        assert event["data"] == {"ref": sent.ref, "no": 2}
    assert [e for e in heard[stranger.person_id] if e["type"].startswith("club.")] == []
    assert SECRET not in str(heard)


def test_a_message_deleted_for_oneself_is_there_for_the_other(app, as_user, two):
    li, wang, sent = two
    browser, talk = signed_in(as_user, wang), f"/club/messages/{sent.ref}"
    assert browser.post(f"{talk}/1/delete").status_code == 303
    assert SECRET not in browser.get(talk).text
    assert SECRET not in browser.get("/club/messages").text
    assert browser.get(f"{talk}/1").status_code == 404
    assert SECRET in signed_in(as_user, li).get(talk).text
    assert browser.post(f"{talk}/delete").status_code == 303
    assert "No conversation yet" in browser.get("/club/messages").text


def test_whoever_left_reads_nothing(app, as_user, two):
    _li, _wang, sent = two
    nobody = user_of(make_person())
    browser = signed_in(as_user, nobody)
    for path in addresses(sent):
        assert browser.get(path).status_code in (302, 403)
    assert message_of(sent).text == SECRET
