"""Talking, pace, reports, forgetting; seats and questions; the topic of an hour, once."""

import threading
from datetime import UTC, timedelta

import pytest
import time_machine
import vobject
from icalendar import Calendar
from sqlalchemy import func, select

from portal.club.rooms import shown, upkeep
from portal.club.rooms.models import ClubMessage, ClubSeat
from portal.club.rooms.queries import feeds, messages
from portal.club.rooms.queries import hours as queries
from portal.club.rooms.queries.rooms import room_at_desk
from portal.club.rooms.service import (
    archiving,
    hours,
    keeping,
    questions,
    reporting,
    seats,
    talking,
)
from portal.club.rooms.service import rooms as service
from portal.core import clock, jobs
from portal.core.db import db, end_reading, write
from portal.core.errors import Refused, TooMany
from portal.forum.models import ForumPost, ForumTopic
from tests.factories import make_colleague, make_company, user_of
from tests.forum.making import make_member
from tests.rooms.making import (
    age,
    hour_now,
    hour_on,
    make_hour,
    make_room,
    make_staff,
    message_of,
    plan_of,
    question_of,
    say,
)
from workers import readers, relay

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("app")]


def report(room, no, by, *, trust=1):
    row = message_of(room, no)
    end_reading()
    said = {"reason": "spam", "text": None, "trust": trust}
    return write(lambda on: reporting.report(room, row, by, **said, on=on))


def together(app, number, work):
    """Run ``work(index)`` in threads that begin at the same moment; return what each gave."""
    given: list = [None] * number
    ready = threading.Barrier(number)

    def run(index):
        with app.app_context():
            ready.wait()
            try:
                given[index] = work(index)
            except Refused as refusal:
                given[index] = refusal
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(number)]
    end_reading()
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return given


def test_numbers_have_no_gaps_also_where_many_speak_at_once(app):
    room, by = make_room(), make_member()
    given = together(
        app, 12, lambda index: say(room, by, f"第 {index} 句", form_name=f"f{index // 2}")
    )
    assert sorted(set(given)) == list(range(1, 7))  # each form twice is one message
    assert [row.no for row in messages.before(by, room_now(room)).messages] == list(range(1, 7))


def room_now(room):
    end_reading()
    return room_at_desk(room.slug)


def test_people_without_trust_speak_slowly_and_others_do_not():
    room, new = make_room(), make_member()
    say(room, new, trust=0)
    with pytest.raises(TooMany):
        say(room, new, trust=0)
    age(room, 1, timedelta(seconds=21))
    assert say(room, new, trust=0) == 2  # what was refused has left no gap
    assert say(room, new, trust=1) == 3


def test_numbers_of_consignments_are_cut_and_html_is_made_once():
    room, by = make_room(), make_member()
    say(room, by, "QS0123456789AB 到哪了 <script>x</script> [看](https://example.org)")
    row = message_of(room, 1)
    assert "QS0123456789AB" not in row.html
    assert "<script" not in row.html
    assert 'rel="nofollow ugc noopener' in row.html


def test_a_closed_room_takes_nothing_and_can_be_opened_again():
    room, by, host = make_room(), make_member(), make_staff("manager")
    end_reading()
    write(lambda on: service.set_closed(room, True, host, on=on))
    with pytest.raises(Refused, match="closed"):
        say(room, by)
    write(lambda on: service.set_closed(room, False, host, on=on))
    assert say(room, by) == 1


def test_one_takes_back_ones_own_message_for_five_minutes():
    room, by, other = make_room(), make_member(), make_member()
    say(room, by, "说错了")
    say(room, by, "太晚了")
    age(room, 2, timedelta(minutes=6))
    first, second = message_of(room, 1), message_of(room, 2)
    end_reading()
    with pytest.raises(Refused, match="author"):
        write(lambda on: talking.take_back(room, first, other, on=on))
    with pytest.raises(Refused, match="5 minutes"):
        write(lambda on: talking.take_back(room, second, by, on=on))
    write(lambda on: talking.take_back(room, first, by, on=on))
    now = message_of(room, 1)
    assert (now.state, now.text, now.html) == ("taken_back", "", "")


def test_reports_hide_by_weight_and_one_moderator_decides():
    room, by, moderator = make_room(), make_member(), make_staff()
    say(room, by)
    hidden = [report(room, 1, make_member(), trust=level) for level in (0, 1, 1, 1)]
    assert hidden == [False, False, False, True]
    row = message_of(room, 1)
    assert (row.state, row.flagged) == ("hidden", 340)
    said = {"version": row.version, "reason": None}
    end_reading()
    write(lambda on: reporting.decide(room, row, "disagreed", moderator, **said, on=on))
    assert message_of(room, 1).state == "visible"
    end_reading()
    with pytest.raises(Refused, match="meanwhile"):
        write(lambda on: reporting.decide(room, row, "agreed", moderator, **said, on=on))


def test_what_was_said_goes_with_its_time_but_not_what_is_reported():
    room, by = make_room(kept_days=7), make_member()
    for _each in range(3):
        say(room, by)
    report(room, 2, make_member())
    for no in (1, 2):
        age(room, no, timedelta(days=8))
    end_reading()
    assert write(lambda on: keeping.forget(clock.now(), on=on)) == 1
    nos = db.session.scalars(
        select(ClubMessage.__table__.c.no).order_by(ClubMessage.__table__.c.no)
    )
    assert list(nos) == [2, 3]
    assert [row.no for row in messages.before(by, room_now(room)).messages] == [3]


def test_forty_want_the_last_seat_and_one_gets_it(app):
    host = make_staff("agent")
    hour = make_hour(host, seats=1)
    people = [user_of(make_colleague(make_company(), "owner")) for _each in range(40)]

    def take(index):
        write(lambda on: seats.take(hour, people[index], mail=True, on=on))
        return "seat"

    given = together(app, 40, take)
    assert given.count("seat") == 1
    assert sum(isinstance(each, Refused) for each in given) == 39
    assert hour_now(hour.ref).taken == 1
    assert db.session.scalar(select(func.count()).select_from(ClubSeat.__table__)) == 1


def test_a_seat_is_taken_once_and_left_to_others():
    hour, one, two = make_hour(make_staff("agent"), seats=1), make_member(), make_member()
    end_reading()
    for _again in range(2):
        write(lambda on: seats.take(hour, one, mail=True, on=on))
    with pytest.raises(Refused, match="All seats"):
        write(lambda on: seats.take(hour, two, mail=True, on=on))
    for _again in range(2):
        write(lambda on: seats.leave(hour, one, on=on))
    write(lambda on: seats.take(hour, two, mail=True, on=on))
    assert hour_now(hour.ref).taken == 1


def test_fewer_seats_than_are_taken_times_in_the_past_and_no_hosts_are_refused():
    host, one, two = make_staff("agent"), make_member(), make_member()
    hour = make_hour(host)
    end_reading()
    for each in (one, two):
        write(lambda on, each=each: seats.take(hour, each, mail=True, on=on))
    past = clock.now() - timedelta(hours=1)
    for wrong in ({"seats": 1}, {"starts_at": past}, {"host_ids": (one.person_id,)}):
        wanted = plan_of(host, **wrong)
        end_reading()
        with pytest.raises(Refused):
            write(lambda on, wanted=wanted: hours.edit(hour, wanted, host, on=on))
    assert hour_now(hour.ref).sequence == 0


def ask(hour, by, text="晚点两小时还能收吗？", name=None):
    end_reading()
    return write(lambda on: questions.ask(hour, text, by, form_name=name, on=on))


def test_questions_are_asked_voted_for_and_taken_by_votes():
    host, one, two = make_staff("agent"), make_member(), make_member()
    hour = make_hour(host)
    assert ask(hour, one, name="a") == ask(hour, one, name="a") == 1
    assert ask(hour, two) == 2
    question = question_of(hour, 2)
    end_reading()
    with pytest.raises(Refused, match="yourself"):
        write(lambda on: questions.vote(hour, question, two, on=on))
    assert write(lambda on: questions.vote(hour, question, one, on=on)) == 1
    assert write(lambda on: questions.vote(hour, question, one, on=on)) == 0
    assert write(lambda on: questions.vote(hour, question, one, on=on)) == 1
    assert [row.no for row in queries.questions_of(one, hour)] == [2, 1]
    end_reading()
    with pytest.raises(Refused, match="Open"):
        write(lambda on: questions.call(hour, question, host, on=on))
    for number in range(4):
        ask(hour, one, f"问题 {number}")
    with pytest.raises(Refused, match="5 questions"):
        ask(hour, one)


def held(host, one, two):
    """Hold an hour with an answered, a declined and an unanswered question; return its row."""
    hour = make_hour(host)
    for by, text in ((one, "第一个"), (two, "第二个"), (one, "第三个")):
        ask(hour, by, text)
    now = hour_on(hour, starts_at=clock.now() + timedelta(minutes=5))
    write(lambda on: hours.begin(now, host, on=on))
    first, second = question_of(hour, 1), question_of(hour, 2)
    end_reading()
    write(lambda on: questions.call(now, first, host, on=on))
    write(lambda on: questions.answer(now, first, "可以，提前半小时打电话。", host, on=on))
    write(lambda on: questions.decline(now, second, host, on=on))
    write(lambda on: hours.close(now, host, on=on))
    return hour_now(hour.ref)


def test_an_hour_becomes_a_topic_by_those_who_spoke_and_only_once():
    host, one, two = make_staff("agent"), make_member(), make_member()
    readers.run_once()  # the readers begin with what happens from now on
    hour = held(host, one, two)
    while relay.run_once():
        pass
    readers.run_once()
    end_reading()
    write(lambda on: archiving.archive(hour.ref, on=on))
    topics = db.session.execute(select(ForumTopic.__table__)).all()
    assert [row.id for row in topics] == [hour_now(hour.ref).topic_id]
    posts = db.session.execute(select(ForumPost.__table__).order_by(ForumPost.__table__.c.no)).all()
    said = [(row.author_id, row.reply_to) for row in posts]
    assert said == [
        (host.person_id, None),
        (one.person_id, None),
        (host.person_id, 2),
        (one.person_id, None),
    ]
    assert f"/club/rooms/hours/{hour.ref}" in posts[0].html
    assert posts[2].staff_role == "agent"
    assert posts[1].company_name == one.company_name
    assert "第二个" not in "".join(row.text for row in posts)


def test_reminders_are_owed_once_and_mails_go_to_those_who_want_them(app):
    host, one, two = make_staff("agent"), make_member(), make_member()
    hour = make_hour(host)
    end_reading()
    write(lambda on: seats.take(hour, one, mail=True, on=on))
    write(lambda on: seats.take(hour, two, mail=False, on=on))
    assert upkeep.remind() == 0  # it is tomorrow
    with time_machine.travel(hour.starts_at - timedelta(minutes=50), tick=False):
        assert (upkeep.remind(), upkeep.remind()) == (1, 0)
        assert jobs.run_once() == 1
        mails = mails_owed()
        assert [each["to"] for each in mails] == [one.email]
        assert hour.ref in mails[0]["body"]
        token = mails[0]["body"].split("/stop/")[1].split()[0]
        assert shown.stopped(token) == (hour.id, one.person_id)
    end_reading()
    write(lambda on: seats.stop_mails(hour.id, one.person_id, on=on))
    write(lambda on: hours.cancel(hour, "主讲人生病", host, on=on))
    jobs.run_once()
    assert len(mails_owed()) == 1


def mails_owed():
    table = jobs.Job.__table__
    end_reading()
    query = select(table.c.payload).where(table.c.kind == "mail").order_by(table.c.id)
    return list(db.session.scalars(query))


def test_those_with_a_seat_are_told_of_a_move_and_of_an_end():
    host, one = make_staff("agent"), make_member()
    hour = make_hour(host)
    end_reading()
    write(lambda on: seats.take(hour, one, mail=True, on=on))
    later = plan_of(host, starts_at=hour.starts_at + timedelta(days=1))
    end_reading()
    write(lambda on: hours.edit(hour, later, host, on=on))
    jobs.run_once()
    write(lambda on: hours.cancel(hour, "主讲人生病", host, on=on))
    while jobs.run_once() and len(mails_owed()) < 2:
        pass
    now = hour_now(hour.ref)
    assert (now.sequence, now.state) == (2, "cancelled")
    assert any("主讲人生病" in each.get("body", "") for each in mails_owed())


def test_calendars_can_be_read_by_another_reader(app):
    title = "答疑; 旺季, 冷链\\逗号 — " + "很长的题目" * 15
    hour = make_hour(make_staff("agent"), title=title, about="第一行\n\n第二行; **粗**")
    data = shown.calendar([hour], "quayside.example")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")
    seen = vobject.readOne(data.decode())
    event = seen.vevent
    assert seen.method.value == "PUBLISH"
    assert event.summary.value == title
    assert event.uid.value == f"{hour.ref}@quayside.example"
    assert event.dtstart.value.astimezone(UTC) == hour.starts_at.replace(microsecond=0)
    assert b"DTSTART:" in data
    assert data.split(b"DTSTART:")[1].split(b"\r\n")[0].endswith(b"Z")
    assert event.sequence.value == "0"
    assert f"/club/rooms/hours/{hour.ref}" in event.url.value


def test_a_cancelled_hour_takes_itself_out_with_a_higher_number():
    host = make_staff("agent")
    hour = make_hour(host)
    end_reading()
    write(lambda on: hours.cancel(hour, "停电", host, on=on))
    data = shown.calendar([hour_now(hour.ref)], "x.example", method="CANCEL")
    event = Calendar.from_ical(data).walk("VEVENT")[0]
    assert (event["STATUS"], int(event["SEQUENCE"])) == ("CANCELLED", 1)
    assert vobject.readOne(data.decode()).method.value == "CANCEL"


def test_a_calendars_address_is_worth_something_only_while_it_is_his():
    user = make_member()
    end_reading()
    assert feeds.owner_of(user.person_id, 0).person_id == user.person_id
    end_reading()
    write(lambda on: service.renew_feed(user.person_id, 1, on=on))
    assert feeds.owner_of(user.person_id, 0) is None
    assert feeds.owner_of(user.person_id, 1) is not None
    token = shown.feed_token(user.person_id, 1)
    assert shown.feed_owner(token) == (user.person_id, 1)
    assert shown.feed_owner(token[:-2] + "xx") is None
    assert shown.stopped(token) is None  # good for one purpose only
