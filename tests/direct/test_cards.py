"""The directory: nobody stands in it unless he wants to, and is gone at once when he does not."""

import io
from datetime import timedelta
from urllib.parse import quote

import pytest
from PIL import Image
from sqlalchemy import delete, insert, select, update

from portal.accounts import merging
from portal.accounts.models import Company, Membership
from portal.club.people.models import ClubCard, ClubCardMark, ClubCompanyCard
from portal.club.people.queries import cards
from portal.club.people.queries.cards import Filter
from portal.club.people.rules.cards import check_words
from portal.club.people.service import reporting
from portal.club.points.models import PointBadge, PointStanding
from portal.core import clock
from portal.core.db import db, end_reading, transaction, write
from portal.core.errors import NotFound, Refused
from portal.forum.queries import order
from portal.forum.queries.spaces import profile_of
from portal.forum.service import acts, appealing
from tests.direct.making import handle_of, make_listed, show, show_company
from tests.factories import make_company, make_person, user_of
from tests.forum.making import make_member, make_reply, make_space, make_topic
from tests.rooms.making import make_staff

both = pytest.mark.both_databases


def found(reader, text="", **marks):
    end_reading()
    return [row.person_id for row in cards.cards_for(reader, Filter(text, marks)).items]


def is_nowhere(reader, person):
    """Return whether somebody is found in no way: list, words, profile, picture, marks."""
    handle = handle_of(person)
    for ask in (cards.card_for, cards.picture_for):
        with pytest.raises(NotFound):
            ask(reader, handle)
    return person.person_id not in (*found(reader), *found(reader, text=handle))


@both
def test_cards_are_found_by_words_and_marks_in_both_languages(app):
    reader = make_member()
    li = make_listed("李晓云", about="跑冷链和 reefer 的。", languages=["zh", "en"])
    wang = make_listed("Wang Wei", about="Customs for tea.", languages=["en"])
    show_company(li)
    assert found(reader) == [wang.person_id, li.person_id]
    assert found(reader, text="晓云") == [li.person_id]
    assert found(reader, text="REEF") == [li.person_id]
    assert found(reader, text="tea wei") == [wang.person_id]
    assert found(reader, text="零下") == [li.person_id]  # in the words of his company
    assert found(reader, speaks="en") == [wang.person_id, li.person_id]
    assert found(reader, offers="cold", region="east") == [li.person_id]
    assert found(reader, seeks="boxes", speaks="de") == []


@both
def test_whoever_takes_his_card_or_his_companys_down_is_gone_at_once(app):
    reader, li = make_member(), make_listed("李晓云")
    show_company(li)
    assert profile_of(li).is_listed
    show_company(li, version=1, is_shown=False)
    assert found(reader, offers="cold") == found(reader, text="零下") == []
    assert cards.card_for(reader, handle_of(li)).offers is None
    show(li, version=1, shows_name=False, shows_company=False)
    assert found(reader, text="晓云李") == []
    assert cards.card_for(reader, handle_of(li)).company is None
    show(li, version=2, is_shown=False)
    assert is_nowhere(reader, li)
    assert not profile_of(li).is_listed
    assert db.session.scalars(select(ClubCardMark)).all() == []


@both
def test_the_suspended_and_those_who_left_are_nowhere(app):
    reader, suspended, left, closed = make_member(), *(make_listed() for _ in range(3))
    moderator = make_staff()
    whom = (suspended.person_id, "suspension", clock.now() + timedelta(days=1), moderator)
    end_reading()
    write(lambda on: acts.sanction(*whom, reason="Spam", on=on))
    with transaction():
        db.session.execute(delete(Membership).where(Membership.person_id == left.person_id))
        ended = update(Company).where(Company.id == closed.company_id)
        db.session.execute(ended.values(lifecycle="closed"))
    for somebody in (suspended, left, closed):
        assert is_nowhere(reader, somebody)
        assert is_nowhere(moderator, somebody)


def test_whoever_works_there_no_more_stands_without_the_company(app):
    reader, li = make_member(), make_listed()
    show_company(li)
    other = make_company()
    with transaction():
        mine = Membership.person_id == li.person_id
        db.session.execute(update(Membership).where(mine).values(company_id=other.id))
    row = cards.card_for(reader, handle_of(li))
    assert (row.company, row.offers) == (None, None)


def test_the_same_card_changed_in_two_windows_keeps_the_first(app):
    li = make_listed()
    show(li, version=1, about="一")
    with pytest.raises(Refused, match="changed this meanwhile"):
        show(li, version=1, about="二")


@pytest.mark.parametrize(
    "text", ["Ring 138 0000 6021", "+86-571-5550-0100", "me@tea.example", "微信/电话：13800006021"]
)
def test_addresses_and_numbers_stand_on_no_card(text):
    with pytest.raises(Refused, match="Leave e-mail addresses"):
        check_words("冷链 15 年", text)


def test_years_and_amounts_are_no_numbers_to_call():
    check_words("2019–2026, 1 200 m², 18 °C, 40' HC")


def test_a_reported_card_is_taken_down_and_comes_back_by_an_appeal(app):
    li, reader, moderator, judge = make_listed(), make_member(), make_staff(), make_staff()
    end_reading()
    said = {"reason": "spam", "text": None}
    write(lambda on: reporting.report(li.person_id, reader, **said, on=on))
    with pytest.raises(Refused, match="You have reported"):
        write(lambda on: reporting.report(li.person_id, reader, **said, on=on))
    assert cards.reports_for(reader) == []
    row = cards.reports_for(moderator)[0]
    end_reading()
    write(lambda on: reporting.decide(row, "agreed", moderator, reason="Ads", on=on))
    assert is_nowhere(reader, li)
    show(li, version=1)  # saving again does not bring it back
    assert is_nowhere(reader, li)
    act = order.acts_for(li, own=True).items[0]
    end_reading()
    write(lambda on: appealing.appeal(act, "It is what I do", li, on=on))
    asked = order.act_for(judge, act.ref)
    end_reading()
    write(lambda on: appealing.answer_appeal(asked, True, "Right", judge, on=on))
    assert found(reader) == [li.person_id]


@both
def test_cards_move_with_their_company(app):
    li, wang = make_listed(), make_listed()
    show_company(li)
    kept = wang.company_id
    parts = [merging.part(name) for name in ("club_company_card", "club_card")]
    end_reading()
    moved = [write(lambda on, p=p: p.move(li.company_id, kept, 50, on)) for p in parts]
    assert found(li, offers="cold") == [wang.person_id, li.person_id]
    assert set(db.session.scalars(select(ClubCard.company_id))) == {kept}
    end_reading()
    for part, rows in zip(parts, moved, strict=True):
        write(lambda on, p=part, r=rows: p.back(li.company_id, kept, r, on))
    assert db.session.scalar(select(ClubCompanyCard.company_id)) == li.company_id
    assert found(li, offers="cold") == [li.person_id]


def jpeg():
    output = io.BytesIO()
    Image.new("RGB", (2000, 1000), "teal").save(output, "JPEG")
    return output.getvalue()


def member(as_user, **values):
    user = make_member(**values)
    browser = as_user(make_known(user))
    return user, browser


def make_known(user):
    class Known:
        email = user.email

    return Known


def test_a_member_previews_saves_and_leaves_again(app, as_user):
    _reader, looks = member(as_user)
    li, browser = member(as_user, name="李晓云")
    me, handle = "/club/members/me", handle_of(li)
    said = {"version": 0, "is_shown": "1", "shows_name": "1", "shows_company": "1"}
    said |= {"about": "<b>冷链</b>\u202e xyz", "languages": ["zh", "en"]}
    page = browser.post(me, {**said, "act": "preview"})
    assert "&lt;b&gt;冷链&lt;/b&gt; xyz" in page.text
    assert "\u202e" not in page.text
    assert looks.get(f"/club/members/{handle}").status_code == 404  # it was only looked at
    saved = browser.post(me, {**said, "act": "save", "picture": (io.BytesIO(jpeg()), "a.jpg")})
    assert saved.status_code == 303
    assert browser.get(me).text.count("checked") == 5  # three choices, two languages
    page = looks.get(f"/club/members/{handle}").text
    assert "<bdi>李晓云</bdi>" in page
    assert f"/club/messages/to/{quote(handle)}" in page
    assert li.email not in page
    picture = looks.get(f"/club/members/{handle}/picture")
    assert Image.open(io.BytesIO(picture.data)).size == (480, 240)
    assert picture.headers["Cache-Control"] == "private, no-cache"
    assert "李晓云" in looks.get("/club/members?q=晓云").text
    assert browser.post(me, {**said, "act": "save"}).status_code == 422  # another window
    assert browser.post(me, {**said, "version": 1, "is_shown": ""}).status_code == 303
    for path in (f"/club/members/{handle}", f"/club/members/{handle}/picture"):
        assert looks.get(path).status_code == 404
    assert "李晓云" not in looks.get("/club/members").text


def test_hostile_cards_are_refused_with_a_sentence(app, as_user):
    _user, browser = member(as_user)
    said = {"version": 0, "is_shown": "1"}
    for more in (
        {"about": "长" * 501},
        {"about": "Call 13800006021"},
        {"languages": ["xx"]},
        {"picture": (io.BytesIO(b"GIF89a" + b"x" * 99), "a.gif")},
    ):
        reply = browser.post("/club/members/me", said | more)
        assert reply.status_code == 422, more
        assert "to change" in reply.text
    assert db.session.scalars(select(ClubCard)).all() == []


def test_the_companys_card_is_its_owners_business(app, as_user):
    _owner, browser = member(as_user)
    said = {"version": 0, "is_shown": "1", "region": "south", "city": "广州", "offers": ["air"]}
    assert browser.post("/club/members/company", said).status_code == 303
    assert browser.get("/club/members/company").text.count(" checked") == 2
    _clerk, other = member(as_user, role="operations")
    assert other.get("/club/members/company").status_code == 403
    assert other.post("/club/members/company", said).status_code == 403
    moderator = as_user(make_person(staff_role="manager"))
    assert moderator.get("/club/members/company").status_code == 403
    forged = said | {"version": 1, "offers": ["gold"]}
    assert browser.post("/club/members/company", forged).status_code == 422
    assert browser.post("/club/members/company", said | {"version": 1}).status_code == 303


def test_a_profile_shows_only_what_its_reader_may_read(app, as_user):
    li = make_listed("李晓云")
    open_, closed = make_space(), make_space(readers=["manager"])
    make_topic(open_, li, "大家都能看的")
    make_topic(closed, li, "只给中心看的")
    question = make_topic(make_space(kind="question"), make_member(), "谁知道这个")
    make_reply(question, li, "我知道。")
    _reader, browser = member(as_user)
    page = browser.get(f"/club/members/{handle_of(li)}").text
    assert "大家都能看的" in page
    assert "只给中心看的" not in page
    assert "谁知道这个" not in page  # nobody took his answer
    assert browser.post(f"/club/members/{handle_of(li)}/block", {"blocked": "1"}).status_code == 303
    page = browser.get(f"/club/members/{handle_of(li)}").text
    assert "Hear from this person again" in page
    assert "/club/messages/to/" not in page


def test_pages_of_cards_do_not_repeat_or_lose_anybody(app, monkeypatch):
    monkeypatch.setattr(cards, "LIMIT", 2)
    reader, people = make_member(), [make_listed() for _ in range(5)]
    seen, after = [], None
    while True:
        page = cards.cards_for(reader, Filter(), after=after)
        seen += [row.person_id for row in page.items]
        if (after := page.next) is None:
            break
    assert seen == [each.person_id for each in reversed(people)]


def test_visitors_and_suspended_people_are_kept_out(app, browser, as_user):
    li = make_listed()
    paths = ("/club/members", f"/club/members/{handle_of(li)}", "/club/members/me")
    for path in paths:
        assert browser.get(path).status_code == 302
    user, suspended = member(as_user)
    whom = (user.person_id, "suspension", clock.now() + timedelta(days=1), user_of(make_person()))
    end_reading()
    write(lambda on: acts.sanction(*whom, reason="Spam", on=on))
    for path in paths:
        assert suspended.get(path).status_code == 403


def test_a_name_beside_a_post_leads_to_the_card_while_there_is_one(app, as_user):
    li = make_listed("李晓云")
    topic = make_topic(make_space(), li)
    _reader, browser = member(as_user)
    way = f'href="/club/members/{quote(handle_of(li))}"'
    assert way in browser.get(f"/club/t/{topic.ref}").text
    show(li, version=1, is_shown=False)
    assert way not in browser.get(f"/club/t/{topic.ref}").text


def test_a_profile_tells_of_badges_and_of_the_place_until_its_owner_leaves_the_boards(app, as_user):
    li = make_listed()
    _reader, browser = member(as_user)
    way = f"/club/members/{handle_of(li)}"
    assert "Badges and points" not in browser.get(way).text
    row = {"person_id": li.person_id, "kind": "helpful", "level": 2, "cause": "x"}
    place = {"period": "all", "kind": "person", "subject_id": li.person_id, "points": 9}
    with transaction():
        db.session.execute(insert(PointBadge).values(**row, at=clock.now()))
        db.session.execute(insert(PointStanding).values(**place, is_shown=True))
    page = browser.get(way).text
    assert "Found helpful, silver" in page
    assert "Place 1 of all time" in page
    with transaction():
        db.session.execute(update(PointStanding).values(is_shown=False))
    assert "Place 1" not in browser.get(way).text
