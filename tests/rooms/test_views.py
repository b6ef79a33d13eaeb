"""Pages of rooms: rights by role, talking by form and script, what is hidden, strangers."""

from datetime import timedelta

import pytest

from portal.club.rooms.queries import rooms as queries
from portal.club.rooms.service import presence, talking
from portal.club.rooms.service import rooms as service
from portal.core import clock
from portal.core.db import end_reading, write
from portal.forum.service import acts, blocking
from tests.consignments.conftest import statements
from tests.factories import make_colleague, make_company, make_person, user_of
from tests.forum.making import make_member
from tests.rooms.making import age, make_room, make_staff, message_of, say, trust

__all__ = ["statements"]
SCRIPT = {"X-Fragment": "1"}


@pytest.fixture
def member(as_user):
    person = make_colleague(make_company(), "operations")
    browser = as_user(person)
    browser.get("/club/rooms")
    trust(person.id, 1)
    browser.person = person
    return browser


def text_of(browser, path, **more):
    reply = browser.get(path, **more)
    assert reply.status_code == 200, (path, reply.status_code)
    return reply.get_data(as_text=True)


def test_a_member_finds_a_room_and_talks_in_it_by_the_form(member):
    room = make_room()
    assert "Room " in text_of(member, "/club/rooms")
    page = text_of(member, f"/club/rooms/{room.slug}")
    assert "Nobody has spoken here lately" in page
    name = page.split('name="form_name"')[1].split('value="')[1].split('"')[0]
    for _again in range(2):  # the same form sent twice is one message
        sent = member.post(f"/club/rooms/{room.slug}", {"text": "**早**", "form_name": name})
        assert sent.status_code == 303
    page = text_of(member, f"/club/rooms/{room.slug}")
    assert page.count("<strong>早</strong>") == 1
    assert "Take it back" in page


def test_the_script_gets_what_is_new_or_the_reason(member):
    room, other = make_room(), make_member()
    say(room, other, "第一条")
    sent = member.post(
        f"/club/rooms/{room.slug}", {"text": "第二条", "form_name": "a", "last": 0}, headers=SCRIPT
    )
    assert sent.status_code == 201
    assert "第一条" in sent.text
    assert "第二条" in sent.text
    assert "<html" not in sent.text
    empty = member.post(f"/club/rooms/{room.slug}", {"text": " "}, headers=SCRIPT)
    assert (empty.status_code, empty.text) == (422, "Write something first.")
    long = member.post(f"/club/rooms/{room.slug}", {"text": "长" * 2001})
    assert long.status_code == 422
    assert "长" * 2001 in long.text  # nothing is lost
    behind = text_of(member, f"/club/rooms/{room.slug}/behind?no=1", headers=SCRIPT)
    assert "第一条" not in behind
    assert "第二条" in behind


ROLES = [
    ("owner", None),
    ("operations", None),
    ("viewer", None),
    (None, "agent"),
    (None, "moderator"),
]


@pytest.mark.parametrize(("role", "staff"), ROLES)
@pytest.mark.parametrize(
    ("readers", "writers"),
    [(["*"], ["*"]), (["*"], ["agent"]), (["operations", "agent"], ["operations"])],
)
def test_rights_of_a_room_by_role(as_user, live, role, staff, readers, writers):
    person = make_colleague(make_company(), role) if role else make_person(staff_role=staff)
    room = make_room(readers=readers, writers=writers)
    browser = as_user(person)
    own = role or staff
    reads = staff == "moderator" or "*" in readers or own in readers
    writes = reads and (staff == "moderator" or "*" in writers or own in writers)
    page = browser.get(f"/club/rooms/{room.slug}")
    assert page.status_code == (200 if reads else 404)
    assert (room.slug in browser.get("/club/rooms").text) is reads
    for path in ("behind", "here"):
        assert browser.get(f"/club/rooms/{room.slug}/{path}").status_code == (200 if reads else 404)
    if reads:
        assert ("data-say" in page.text) is writes
    sent = browser.post(f"/club/rooms/{room.slug}", {"text": "可以吗？"}, headers=SCRIPT)
    assert sent.status_code == ((201 if writes else 422) if reads else 404)
    follow = live(browser).ask("follow", {"topic": "chat", "ref": room.slug})
    assert follow["ok"] is reads


def test_strangers_and_what_is_not_there(browser, member):
    room = make_room()
    assert browser.get(f"/club/rooms/{room.slug}").status_code == 302
    for path in (
        "/club/rooms/none",
        f"/club/rooms/{room.slug}/7",
        f"/club/rooms/{room.slug}/7/part",
        "/club/rooms/hours/QHNONE",
    ):
        assert member.get(path).status_code == 404
    assert member.get("/desk/club/rooms").status_code == 403
    assert browser.get("/club/calendar/nonsense.ics").status_code == 404
    assert browser.get("/club/calendar/stop/nonsense").status_code == 404


@pytest.mark.parametrize("state", ["hidden", "removed", "taken_back", "expired"])
def test_what_is_not_shown_is_in_no_page_and_no_part(member, as_user, state):
    room, author = make_room(), make_member()
    say(room, author, "不该再看到的话")
    if state == "expired":
        age(room, 1, timedelta(days=31))
    else:
        row = message_of(room, 1)
        end_reading()
        write(lambda on: talking.change(room, row, ("visible",), to=state, on=on))
    for path in ("", "?at=1", "/behind?no=0", "?before=9"):
        assert "不该再看到的话" not in text_of(member, f"/club/rooms/{room.slug}{path}")
    assert member.get(f"/club/rooms/{room.slug}/1").status_code == 404
    moderator = as_user(make_person(staff_role="moderator"))
    seen = "不该再看到的话" in text_of(moderator, f"/club/rooms/{room.slug}")
    assert seen is (state in ("hidden", "removed"))


def test_the_socket_carries_numbers_and_never_words(member, live, relayed):
    room, other = make_room(), make_member()
    page = live(member)
    assert page.ask("follow", {"topic": "chat", "ref": room.slug})["ok"]
    say(room, other, "只有文字")
    row = message_of(room, 1)
    end_reading()
    write(lambda on: talking.take_back(room, row, other, on=on))
    relayed()
    heard = page.received()
    assert [each["data"] for each in heard] == [
        {"ref": room.slug, "no": 1},
        {"ref": room.slug, "no": 1, "state": "taken_back"},
    ]
    assert "只有文字" not in str(heard)


def test_a_room_that_is_no_longer_his_cuts_the_socket(member, live, relayed):
    room, host = make_room(), make_staff("manager")
    page = live(member)
    page.ask("follow", {"topic": "chat", "ref": room.slug})
    relayed()
    end_reading()
    write(lambda on: service.edit(room, {"readers": ["agent"]}, host, on=on))
    relayed()
    assert not page.is_open
    assert live(member).ask("follow", {"topic": "chat", "ref": room.slug})["ok"] is False


def test_blocked_people_are_folded(member):
    room, rude = make_room(), make_member()
    say(room, rude, "无礼的话")
    user = user_of(member.person)
    end_reading()
    write(lambda on: blocking.block(user, rude.person_id, on=on))
    page = text_of(member, f"/club/rooms/{room.slug}")
    assert "Somebody whom you have blocked wrote this." in page
    assert page.index("<summary>Somebody") < page.index("无礼的话")


def test_the_silenced_read_and_the_suspended_stay_outside(member, live, relayed):
    room, moderator = make_room(), make_staff()
    until = clock.now() + timedelta(days=1)
    person_id = member.person.id
    page = live(member)
    page.ask("follow", {"topic": "chat", "ref": room.slug})
    relayed()
    write(lambda on: acts.sanction(person_id, "silence", until, moderator, reason="吵", on=on))
    sent = member.post(f"/club/rooms/{room.slug}", {"text": "喂"}, headers=SCRIPT)
    assert sent.status_code == 422
    assert "吵" in sent.text
    write(lambda on: acts.sanction(person_id, "suspension", until, moderator, reason="闹", on=on))
    assert member.get(f"/club/rooms/{room.slug}").status_code == 403
    relayed()
    assert not page.is_open
    assert live(member).ask("follow", {"topic": "chat", "ref": room.slug})["ok"] is False


def test_older_messages_the_unread_line_and_the_newest(member):
    room, other = make_room(), make_member()
    for number in range(1, 4):
        say(room, other, f"旧 {number}")
    text_of(member, f"/club/rooms/{room.slug}")  # read up to 3
    for number in range(4, 61):
        say(room, other, f"新 {number}")
    assert ">57<" in text_of(member, "/club/rooms")
    page = text_of(member, f"/club/rooms/{room.slug}")
    assert 'id="m11"' in page
    assert 'id="m10"' not in page
    assert "To where you stopped reading" in page
    older = text_of(member, f"/club/rooms/{room.slug}?before=11", headers=SCRIPT)
    assert 'id="m10"' in older
    assert 'data-older=""' in older
    at = text_of(member, f"/club/rooms/{room.slug}?at=3")
    assert "To the newest" in at
    assert ">57<" not in text_of(member, "/club/rooms")


def test_the_unread_line_stands_where_one_stopped(member):
    room, other = make_room(), make_member()
    say(room, other, "读过的")
    text_of(member, f"/club/rooms/{room.slug}")
    say(room, other, "没读过的")
    page = text_of(member, f"/club/rooms/{room.slug}")
    assert page.index("读过的") < page.index('id="unread"') < page.index("没读过的")
    assert 'id="unread"' not in text_of(member, f"/club/rooms/{room.slug}")


def test_reports_wait_in_the_one_queue_and_the_author_sees_what_was_done(member, as_user):
    room = make_room()
    author = make_colleague(make_company(), "owner")
    writer = as_user(author)
    writer.get("/club/rooms")
    say(room, user_of(author), "骂人的话")
    reply = member.post(f"/club/rooms/{room.slug}/1/report", {"reason": "rude", "note": "看看"})
    assert reply.status_code == 303
    assert member.post(f"/club/rooms/{room.slug}/1/report", {"reason": "rude"}).status_code == 409
    moderator = as_user(make_person(staff_role="moderator"))
    queue = text_of(moderator, "/desk/review")
    assert "骂人的话" in queue
    row = message_of(room, 1)
    path = f"/desk/club/rooms/reports/{row.ref}"
    said = {"outcome": "agreed", "reason": "请客气", "version": row.version}
    assert moderator.post(path, said | {"version": 1}).status_code == 409
    assert moderator.post(path, said).status_code == 303
    assert "骂人的话" not in text_of(moderator, "/desk/review")
    own = text_of(writer, "/club/me")
    assert "请客气" in own
    assert "骂人的话" in own  # its author keeps it
    ref = own.split("/appeal")[0].rpartition("/")[2]
    assert writer.post(f"/club/me/{ref}/appeal", {"text": "那是引用"}).status_code == 303
    boss = as_user(make_person(staff_role="manager"))
    assert (
        boss.post(f"/desk/review/appeal/{ref}", {"act": "reverse", "answer": "对"}).status_code
        == 303
    )
    assert "骂人的话" in text_of(member, f"/club/rooms/{room.slug}")


def test_presence_counts_people_and_leaves_out_the_invisible(member):
    room, other, shy = make_room(), make_member(), make_member()
    end_reading()
    ids = [(room.id, member.person.id), (room.id, other.person_id), (room.id, shy.person_id)]
    write(lambda on: service.set_invisible(shy.person_id, True, on=on))
    write(lambda on: presence.hold("one", ids, on=on))
    write(lambda on: presence.hold("two", ids[:1], on=on))  # his second window, elsewhere
    page = text_of(member, f"/club/rooms/{room.slug}/here")
    assert page.count("<li>") == 2
    assert other.name in page
    assert shy.name not in page
    assert queries.people_counts()[room.id] == 2
    end_reading()
    write(lambda on: presence.hold("one", [], on=on))
    assert [each.person_id for each in queries.people_in(user_of(member.person), room)] == [
        member.person.id
    ]
    member.post("/club/rooms/settings", {"invisible": "1", "room": room.slug})
    assert room.id not in queries.people_counts()


def test_what_a_room_costs(member, statements):
    room, other = make_room(), make_member()
    for _each in range(10):
        say(room, other)
    member.get(f"/club/rooms/{room.slug}")
    with statements() as few:
        member.get(f"/club/rooms/{room.slug}")
    for _each in range(30):
        say(room, other)
    member.get(f"/club/rooms/{room.slug}")
    with statements() as many:
        member.get(f"/club/rooms/{room.slug}")
    assert len(many) == len(few)
    assert len(many) <= 14


def told(page):
    heard = page.socket.get_received("/live")
    return [each["args"][0]["who"] for each in heard if each["name"] == "typing"]


def test_who_writes_is_told_to_those_in_the_room_unless_he_is_not_to_be_seen(
    member, as_user, live, relayed
):
    room, other = make_room(), as_user(make_person(staff_role="agent"))
    other.get("/club/rooms")
    pages = [live(member), live(other)]
    for page in pages:
        page.ask("follow", {"topic": "chat", "ref": room.slug})
    relayed()
    assert pages[0].ask("typing", {"topic": "chat", "ref": room.slug})["ok"]
    assert [who["name"] for who in told(pages[1])] == [member.person.name]
    member.post("/club/rooms/settings", {"invisible": "1"})
    assert pages[0].ask("typing", {"topic": "chat", "ref": room.slug})["ok"] is False
    assert told(pages[1]) == []
