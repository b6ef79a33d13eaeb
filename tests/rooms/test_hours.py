"""Pages of question hours and their desk, calendars, presence from sockets, strangers."""

from datetime import timedelta

import pytest
import vobject

from portal.accounts.models import Person
from portal.club.rooms.queries import rooms
from portal.club.rooms.service import hours, seats
from portal.club.rooms.shown import feed_token, stop_token
from portal.core import clock
from portal.core.db import db, end_reading, transaction, write
from portal.forum.service import acts
from portal.live import presence
from tests.factories import make_colleague, make_company, make_person, user_of
from tests.forum.making import make_space
from tests.rooms.making import hour_now, hour_on, make_hour, make_room, make_staff, question_of


@pytest.fixture
def member(as_user):
    person = make_colleague(make_company(), "owner")
    browser = as_user(person)
    browser.person = person
    return browser


@pytest.fixture
def host(as_user):
    person = make_person(staff_role="agent")
    browser = as_user(person)
    browser.get("/club/rooms")
    browser.person = person
    return browser


def text_of(browser, path):
    reply = browser.get(path)
    assert reply.status_code == 200, (path, reply.status_code)
    return reply.get_data(as_text=True)


def planned(host, **more):
    begins = (clock.now() + timedelta(hours=30)).strftime("%Y-%m-%dT%H:%M")
    usual = {
        "title": "冷链旺季答疑",
        "about": "什么都可以问",
        "starts": begins,
        "minutes": "60",
        "seats": "2",
        "hosts": [str(host.person.id)],
        "space": str(make_space().id),
        "form_name": "f",
    }
    return usual | more


def test_an_hour_is_planned_held_and_read(host, member):
    said = planned(host)
    made = host.post("/desk/club/rooms/hours/new", said)
    assert made.status_code == 303
    assert host.post("/desk/club/rooms/hours/new", said).location == made.location
    ref = made.location.rpartition("/")[2]
    assert "冷链旺季答疑" in text_of(member, "/club/rooms")
    assert "2 seats free" in text_of(member, "/club/rooms/hours")
    page = f"/club/rooms/hours/{ref}"
    assert member.post(f"{page}/seat", {"act": "take", "mail": "1"}).status_code == 303
    assert "You have a seat" in text_of(member, page)
    assert member.post(page, {"text": "**晚点**怎么办？", "form_name": "q"}).status_code == 303
    assert host.post(f"{page}/1/vote").status_code == 303
    board = text_of(member, f"{page}/board")
    assert "<strong>晚点</strong>" in board
    desk = f"/desk/club/rooms/hours/{ref}"
    assert "Can be opened from" in text_of(host, desk)
    assert host.post(f"{desk}/act", {"act": "open"}).status_code == 409  # not before its time
    hour_on(hour_now(ref), starts_at=clock.now() + timedelta(minutes=10))
    assert "Open the hour" in text_of(host, desk)
    assert host.post(f"{desk}/act", {"act": "open"}).status_code == 303
    assert "The hour has begun" in text_of(member, f"{page}/board")  # without a reload
    assert host.post(f"{desk}/1", {"act": "call"}).status_code == 303
    assert "Being answered" in text_of(member, page)
    assert "Being answered" in text_of(host, desk)
    assert host.post(f"{desk}/1/answer", {"text": " "}).status_code == 422
    assert host.post(f"{desk}/1/answer", {"text": "打电话。"}).status_code == 303
    again = host.post(f"{desk}/1/answer", {"text": "两位同时回答"})
    assert again.status_code == 422
    assert "两位同时回答" in again.text
    assert "打电话。" in text_of(member, page)
    assert host.post(f"{desk}/act", {"act": "close"}).status_code == 303
    assert member.post(page, {"text": "太晚了", "form_name": "z"}).status_code == 422
    assert "冷链旺季答疑" in text_of(member, "/club/rooms/hours")


def test_a_full_hour_offers_no_seat_and_one_that_is_near_promises_no_reminder(host, member):
    hour = make_hour(user_of(host.person), seats=1, starts_at=clock.now() + timedelta(minutes=40))
    page = f"/club/rooms/hours/{hour.ref}"
    assert 'href="#seats"' in text_of(host, page)
    write(lambda on: hours.owe_reminders(on=on))
    member.post(f"{page}/seat", {"act": "take", "mail": "1"})
    assert "It begins soon" in text_of(member, page)
    assert 'href="#seats"' not in text_of(host, page)


def test_times_stand_in_the_readers_time_zone(host, as_user):
    hour = make_hour(user_of(host.person))
    person = make_colleague(make_company(), "owner")
    with transaction():
        db.session.get(Person, person.id).timezone = "Europe/Berlin"
    berlin = as_user(person)
    page = text_of(berlin, f"/club/rooms/hours/{hour.ref}")
    assert "Europe/Berlin" in page
    assert "Asia/Shanghai" in text_of(host, f"/club/rooms/hours/{hour.ref}")


def test_an_hour_is_moved_and_cancelled_with_a_reason(host, member):
    hour = make_hour(user_of(host.person))
    desk = f"/desk/club/rooms/hours/{hour.ref}"
    moved = planned(host, about="", title=hour.title, space=str(hour.space_id))
    assert f'value="{host.person.id}" checked' in text_of(host, f"{desk}/edit")
    assert host.post(f"{desk}/edit", moved).status_code == 303
    assert hour_now(hour.ref).sequence == 1
    assert host.post(f"{desk}/edit", moved | {"minutes": "5"}).status_code == 422
    assert host.post(f"{desk}/act", {"act": "cancel"}).status_code == 409
    assert host.post(f"{desk}/act", {"act": "cancel", "reason": "停电"}).status_code == 303
    assert "停电" in text_of(member, f"/club/rooms/hours/{hour.ref}")
    assert host.post(f"{desk}/edit", moved).status_code == 422
    taken = member.post(f"/club/rooms/hours/{hour.ref}/seat", {"act": "take"})
    assert taken.status_code == 409


def test_members_hold_no_hours_and_other_staff_neither(member, as_user):
    hour = make_hour(make_staff("agent"))
    driver = as_user(make_person(staff_role="dispatcher"))
    for browser in (member, driver):
        for path in (
            "",
            "/hours/new",
            f"/hours/{hour.ref}",
            f"/hours/{hour.ref}/edit",
            "/rooms/new",
        ):
            assert browser.get(f"/desk/club/rooms{path}").status_code == 403


def test_calendars_of_one_hour_and_of_a_person(member, browser):
    hour, other = make_hour(make_staff("agent")), make_hour(make_staff("agent"), title="别的题目")
    one = member.get(f"/club/rooms/hours/{hour.ref}.ics")
    assert one.mimetype == "text/calendar"
    assert vobject.readOne(one.text).vevent.summary.value == hour.title
    member.post(f"/club/rooms/hours/{hour.ref}/seat", {"act": "take"})
    address = f"/club/calendar/{feed_token(member.person.id, 0)}.ics"
    feed = vobject.readOne(browser.get(address).text)
    assert [event.summary.value for event in feed.vevent_list] == [hour.title]
    assert other.title not in str(feed)
    assert member.post("/club/rooms/calendar").status_code == 303
    assert browser.get(address).status_code == 404


def test_the_suspended_have_no_calendar(member, browser):
    moderator, until = make_staff(), clock.now() + timedelta(days=1)
    person_id = member.person.id
    end_reading()
    write(lambda on: acts.sanction(person_id, "suspension", until, moderator, reason="闹", on=on))
    assert browser.get(f"/club/calendar/{feed_token(person_id, 0)}.ics").status_code == 404


def test_mails_are_stopped_by_the_link_in_them(member, browser):
    hour, user = make_hour(make_staff("agent")), user_of(member.person)
    end_reading()
    write(lambda on: seats.take(hour, user, mail=True, on=on))
    path = f"/club/calendar/stop/{stop_token(hour.id, member.person.id)}"
    assert "Send me none" in text_of(browser, path)  # looking stops nothing: programs look, too
    assert "You get no mails" not in text_of(member, f"/club/rooms/hours/{hour.ref}")
    assert browser.post(path).status_code == 200
    assert "You get no mails" in text_of(member, f"/club/rooms/hours/{hour.ref}")


def test_hours_are_heard_by_those_who_follow_them(member, host, live, relayed):
    hour = make_hour(user_of(host.person))
    page = live(member)
    assert page.ask("follow", {"topic": "chat", "ref": hour.ref})["ok"]
    host.post(f"/club/rooms/hours/{hour.ref}", {"text": "一个问题", "form_name": "x"})
    member.post(f"/club/rooms/hours/{hour.ref}/seat", {"act": "take"})
    question_of(hour, 1)
    relayed()
    heard = [(each["type"], each["data"]) for each in page.received()]
    assert heard == [
        ("rooms.question_asked", {"ref": hour.ref, "no": 1}),
        ("rooms.seat_taken", {"ref": hour.ref, "taken": 1}),
    ]


def test_who_follows_a_room_is_there_once_until_his_last_window_closes(member, live, relayed):
    room = make_room()
    pages = [live(member), live(member)]
    for page in pages:
        page.ask("follow", {"topic": "chat", "ref": room.slug})
    user = user_of(member.person)
    for left in (2, 1, 0):
        end_reading()
        presence.run_once()
        here = [each.person_id for each in rooms.people_in(user, room)]
        assert here == ([user.person_id] if left else [])
        if left:
            pages.pop().ask("unfollow", {"topic": "chat", "ref": room.slug})


def test_what_a_process_said_that_died_ends_by_itself(member, live):
    room = make_room()
    live(member).ask("follow", {"topic": "chat", "ref": room.slug})
    end_reading()
    presence.run_once()
    clock_now = clock.now
    try:
        clock.now = lambda: clock_now() + timedelta(minutes=2)
        assert rooms.people_in(user_of(member.person), room) == []
    finally:
        clock.now = clock_now


def test_a_room_is_made_edited_and_closed_at_the_desk(host, member):
    said = {"slug": "peak", "readers": ["*"], "writers": ["*"], "kept_days": "14"}
    for side in ("hans", "hant", "en"):
        said |= {f"name_{side}": f"旺季 {side}", f"about_{side}": "排班"}
    assert host.post("/desk/club/rooms/rooms/new", said).status_code == 303
    again = host.post("/desk/club/rooms/rooms/new", said)
    assert again.status_code == 422
    assert "Choose another" in again.text
    assert host.post("/desk/club/rooms/rooms/new", said | {"slug": "hours"}).status_code == 422
    assert "旺季 en" in text_of(member, "/club/rooms")
    said["name_en"] = "Peak season"
    shown = text_of(host, "/desk/club/rooms/rooms/peak")
    assert shown.count('value="*" checked') == 2  # who reads and writes is shown as it is
    assert host.post("/desk/club/rooms/rooms/peak", said).status_code == 303
    assert "Peak season" in text_of(member, "/club/rooms/peak")
    host.post("/desk/club/rooms/rooms/peak/closed", {"closed": "1"})
    assert "This room is closed" in text_of(member, "/club/rooms/peak")
    assert "Peak season" in text_of(host, "/desk/club/rooms")
