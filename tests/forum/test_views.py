"""The club's pages: reading, writing, strangers, previews, drafts of what was refused."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.core import clock
from portal.core.db import db, write
from portal.forum.models import ForumHeld, ForumProfile
from portal.forum.queries import posts
from tests.consignments.conftest import statements
from tests.factories import make_colleague, make_company, make_person, user_of
from tests.forum.making import make_member, make_reply, make_space, make_topic, topic_now

__all__ = ["statements"]


@pytest.fixture
def member(as_user):
    person = make_colleague(make_company(), "operations")
    browser = as_user(person)
    browser.get("/club")
    trusted = update(ForumProfile.__table__).values(trust=1)
    write(lambda on: on.execute(trusted))
    return browser


def form_name(page):
    return (
        page.get_data(as_text=True).split('name="form_name"')[1].split('value="')[1].split('"')[0]
    )


def test_a_topic_is_begun_found_read_and_replied_to(member):
    space = make_space()
    page = member.get(f"/club/s/{space.slug}/new")
    assert page.status_code == 200
    said = {"title": "冷链小件怎样选箱型", "text": "**冬季**用什么冰板？", "tags": "冷链"}
    made = member.post(f"/club/s/{space.slug}/new", data=said | {"form_name": form_name(page)})
    assert made.status_code == 303
    shown = member.get(made.location).get_data(as_text=True)
    assert "<strong>冬季</strong>" in shown
    ref = made.location.split("/club/t/")[1].split("?")[0]
    reply = member.post(f"/club/t/{ref}", data={"text": "相变板。", "form_name": "r1"})
    assert reply.location.endswith("post=2#p2")
    assert ref in member.get(f"/club/s/{space.slug}?q=相变板").get_data(as_text=True)
    assert ref in member.get("/club?q=相变板").get_data(as_text=True)


def test_what_is_refused_stands_in_the_form_again(member):
    author = make_member()
    topic = make_topic(make_space(repliers=["agent"]), author)
    answer = member.post(f"/club/t/{topic.ref}", data={"text": "我的回复", "form_name": "x"})
    assert answer.status_code == 422
    assert "我的回复" in answer.get_data(as_text=True)
    assert topic_now(topic).last_no == 1
    title = member.post(f"/club/s/{make_space().slug}/new", data={"title": "?", "text": "留着"})
    assert title.status_code == 422
    assert "留着" in title.get_data(as_text=True)


def test_a_preview_publishes_nothing(member):
    topic = make_topic(make_space(), make_member())
    answer = member.post(f"/club/t/{topic.ref}", data={"text": "*试试*", "act": "preview"})
    assert "<em>试试</em>" in answer.get_data(as_text=True)
    assert topic_now(topic).last_no == 1


def test_hostile_text_is_shown_as_text(member):
    author = make_member()
    topic = make_topic(make_space(), author, text="<script>alert(1)</script> [x](javascript:a)")
    page = member.get(f"/club/t/{topic.ref}").get_data(as_text=True)
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


@pytest.mark.parametrize("path", ["", "?page=2", "/1/edit", "/1/history", "/2/history"])
def test_a_topic_of_a_space_that_is_not_for_him_looks_missing(member, path):
    topic = make_topic(make_space(readers=["agent"]), make_member())
    here, nowhere = (member.get(f"/club/t/{ref}{path}") for ref in (topic.ref, "TPNOTHERE"))
    assert (here.status_code, nowhere.status_code) == (404, 404)


def test_a_visitor_is_shown_the_way_in(browser):
    assert browser.get("/club").location.startswith("/login")


def test_reading_goes_on_where_it_stopped(member):
    topic = make_topic(make_space(), make_member())
    other = make_member()
    for _ in range(25):
        make_reply(topic, other)
    page = member.get(f"/club/t/{topic.ref}?page=1").get_data(as_text=True)
    assert 'id="p21"' not in member.get(f"/club/t/{topic.ref}").get_data(as_text=True)
    point = page.split("<noscript><img")[1].split('src="')[1].split('"')[0]
    assert member.get(point).mimetype == "image/gif"
    assert 'id="p21"' in member.get(f"/club/t/{topic.ref}").get_data(as_text=True)


def test_only_who_asked_chooses_the_answer(member, as_user):
    asker = make_member()
    topic = make_topic(make_space(kind="question"), asker)
    make_reply(topic, make_member())
    assert member.post(f"/club/t/{topic.ref}/accept", data={"no": 2}).status_code == 409
    db.session.commit()
    moderator = as_user(make_person(staff_role="moderator"))
    assert moderator.post(f"/club/t/{topic.ref}/accept", data={"no": 2}).status_code == 303
    assert topic_now(topic).accepted_no == 2


def test_an_edit_of_somebody_elses_post_is_refused(member):
    topic = make_topic(make_space(), make_member())
    assert member.get(f"/club/t/{topic.ref}/1/edit").status_code == 409


def test_what_was_let_through_stays_so_while_ones_texts_are_read_first(as_user):
    topic = make_topic(make_space(), make_member())
    company = make_company()
    person = make_colleague(company, "owner")
    newcomer = as_user(person)
    newcomer.post(f"/club/t/{topic.ref}", data={"text": "Good day to all of you."})
    (held,) = db.session.scalars(select(ForumHeld.ref)).all()
    db.session.commit()
    moderator = as_user(make_person(staff_role="moderator"))
    moderator.post(f"/desk/review/held/{held}", data={"act": "approve", "decision": "approved"})
    edit = f"/club/t/{topic.ref}/2/edit"
    assert newcomer.get(edit).status_code == 409
    answer = newcomer.post(edit, data={"text": "Buy at my shop.", "base": "1"})
    assert answer.status_code == 422
    assert "first texts" in answer.text
    assert "Buy at my shop." in answer.text
    assert "Good day" in newcomer.get(f"/club/t/{topic.ref}").text


def test_a_page_takes_as_many_statements_for_twenty_posts_as_for_one(member, statements):
    topic, other = make_topic(make_space(), make_member()), make_member()

    def cost():
        member.get(f"/club/t/{topic.ref}?page=1")
        with statements() as seen:
            member.get(f"/club/t/{topic.ref}?page=1")
        return len([each for each in seen if each != "COMMIT"])

    one = cost()
    for _ in range(19):
        make_reply(topic, other)
    assert cost() == one
    assert len(posts.posts_for(other, topic_now(topic), 1)) == 20


def test_a_first_reply_waits_and_is_let_through_at_the_desk(as_user):
    newcomer = as_user(make_colleague(make_company(), "viewer"))
    moderator = as_user(make_person(staff_role="moderator"))
    topic = make_topic(make_space(), make_member())
    answer = newcomer.post(f"/club/t/{topic.ref}", data={"text": "大家好", "form_name": "n1"})
    assert answer.status_code == 303
    assert topic_now(topic).last_no == 1
    assert "大家好" in newcomer.get("/club/me").get_data(as_text=True)
    queue = moderator.get("/desk/review").get_data(as_text=True)
    ref = queue.split("/desk/review/held/")[1].split('"')[0]
    assert newcomer.post(f"/desk/review/held/{ref}", data={"act": "approve"}).status_code == 403
    assert moderator.post(f"/desk/review/held/{ref}", data={"act": "refuse"}).status_code == 303
    assert "Say why" in moderator.get("/desk/review").get_data(as_text=True)  # above what waits
    assert moderator.post(f"/desk/review/held/{ref}", data={"act": "approve"}).status_code == 303
    assert topic_now(topic).last_no == 2


def test_a_report_an_act_and_an_appeal_by_their_pages(member, as_user):
    moderator = as_user(make_person(staff_role="moderator"))
    author = make_colleague(make_company(), "viewer")
    writer = user_of(author, role="viewer")
    topic = make_topic(make_space(), make_member())
    make_reply(topic, writer)
    sent = member.post(f"/club/t/{topic.ref}/2/report", data={"reason": "spam", "note": "?"})
    assert sent.status_code == 303
    queue = moderator.get("/desk/review").get_data(as_text=True)
    review_id = queue.split("/desk/review/report/")[1].split('"')[0]
    said = {"outcome": "agreed", "version": 1, "reason": "广告"}
    assert moderator.post(f"/desk/review/report/{review_id}", data=said).status_code == 303
    assert moderator.post(f"/desk/review/report/{review_id}", data=said).status_code == 303
    assert "meanwhile" in moderator.get("/desk/review").get_data(as_text=True)
    own = as_user(author)
    page = own.get("/club/me").get_data(as_text=True)
    assert "广告" in page
    ref = "MA" + page.split("/club/me/MA")[1].split("/appeal")[0]
    assert member.post(f"/club/me/{ref}/appeal", data={"text": "?"}).status_code == 404
    assert own.post(f"/club/me/{ref}/appeal", data={"text": "不是广告"}).status_code == 303
    other = as_user(make_person(staff_role="moderator"))
    answered = {"act": "reverse", "answer": "确实不是"}
    assert other.post(f"/desk/review/appeal/{ref}", data=answered).status_code == 303
    assert "这条" in make_reply(topic, writer, "这条").text
    assert moderator.get("/desk/review/log").status_code == 200


def test_a_closed_moved_and_pinned_topic(member, as_user):
    moderator = as_user(make_person(staff_role="moderator"))
    space, other = make_space(), make_space()
    topic = make_topic(space, make_member())
    for said in ({"act": "locked"}, {"act": "pinned"}, {"act": "moved", "space": other.slug}):
        assert moderator.post(f"/club/t/{topic.ref}/act", data=said).status_code == 303
        assert member.post(f"/club/t/{topic.ref}/act", data=said).status_code == 403
    now = topic_now(topic)
    assert (now.state, now.pinned, now.space_id) == ("locked", 1, other.id)
    assert member.post(f"/club/t/{topic.ref}", data={"text": "还能回吗"}).status_code == 422


def test_who_is_suspended_reads_why_and_nothing_else(as_user):
    person = make_colleague(make_company(), "viewer")
    browser = as_user(person)
    browser.get("/club")
    handle = db.session.scalar(select(ForumProfile.ref))
    moderator = as_user(make_person(staff_role="moderator"))
    until = (clock.now() + timedelta(days=2)).date().isoformat()
    said = {"kind": "suspension", "until": until, "reason": "辱骂他人"}
    past = said | {"until": "2020-01-01"}
    assert moderator.post(f"/desk/review/people/{handle}", data=past).status_code == 303
    assert browser.get("/club").status_code == 200
    assert moderator.post(f"/desk/review/people/{handle}", data=said).status_code == 303
    kept_out = browser.get("/club")
    assert kept_out.status_code == 403
    assert 'href="/club/me"' in kept_out.get_data(as_text=True)  # why, and another look
    assert "辱骂他人" in browser.get("/club/me").get_data(as_text=True)
