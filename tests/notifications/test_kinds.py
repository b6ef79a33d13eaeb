"""Kinds of notices that come from other rooms than the forum, and from what waits in it."""

from datetime import timedelta

from sqlalchemy import select

from portal.club.points.service import rewards
from portal.club.rooms.service import hours, seats
from portal.core import clock
from portal.core.db import db, write
from portal.forum.models import ForumHeld
from portal.forum.service import blocking, holding
from portal.forum.service.writing import Written
from tests.direct.making import handle_of, make_listed, send
from tests.factories import make_person, user_of
from tests.forum.making import make_member, make_space
from tests.points.test_pages import make_reward, make_rich
from tests.rooms.making import make_hour, make_staff


def test_whoever_shows_no_name_writes_to_people_by_his_handle(app, told, say, bell):
    nameless, reader = make_listed("Verborgen Name", shows_name=False), make_member()
    send(nameless, reader)
    told()
    assert (say(reader), bell(reader)) == ([f"{handle_of(nameless)} wrote to you"], 1)
    db.session.commit()
    write(lambda on: blocking.block(reader, nameless.person_id, on=on))
    assert say(reader) == []
    send(make_member(name="Li"), reader)
    told()
    assert say(reader) == ["Li wrote to you"]


def test_who_signed_up_is_reminded_of_the_hour_once_and_nobody_else(app, told, say):
    hour = make_hour(
        make_staff(), starts_at=clock.now() + timedelta(minutes=30), title="Peak season"
    )
    guest, other = make_member(), make_member()
    write(lambda on: seats.take(hour, guest, mail=False, on=on))
    write(lambda on: hours.owe_reminders(on=on))
    told()
    told()
    (text,) = say(guest)
    assert text.startswith("The question hour “Peak season” begins ")
    assert say(other) == []


def test_what_becomes_of_an_order_of_a_reward_is_told(app, told, say):
    (_person, user), manager = make_rich(), user_of(make_person(staff_role="manager"))
    reward = make_reward()
    order = write(lambda on: rewards.order(reward.id, user, "f" * 32, cost=10, on=on))
    told()
    assert say(user) == []
    write(lambda on: rewards.act(order, "approve", manager, on=on))
    told()
    (text,) = say(user)
    assert text.startswith("Your reward “Model container”: ")


def test_who_is_named_in_a_text_that_waits_is_told_when_it_is_let_through(app, told, say):
    author, named = make_member(name="Wang"), make_member()
    space, moderator = make_space(), user_of(make_person(staff_role="moderator"))
    written, begins = Written(text=f"@{handle_of(named)}, and you?"), {"title": "Rates", "tags": []}
    db.session.commit()
    write(lambda on: holding.hold(space, None, written, author, on=on, **begins))
    told()
    assert say(named) == []
    held = db.session.execute(select(ForumHeld.__table__)).one()
    db.session.commit()
    write(lambda on: holding.let_through(held, moderator, on=on))
    told()
    assert say(named) == ["Wang named you in “Rates”"]
