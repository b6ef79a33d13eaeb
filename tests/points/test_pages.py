"""Pages of points and rewards, for members and at the desk."""

import re

import pytest
from sqlalchemy import select

from portal.club.points.models import Reward, RewardOrder
from portal.club.points.queries import balance_for
from portal.club.points.service import ledger, rewards
from portal.club.points.service.rewards import Said
from portal.core.db import db, write
from tests.factories import make_colleague, make_company, make_person, user_of

PAGES = ("", "/rules", "/badges", "/board", "/board?of=company&in=all")


def make_reward(**values):
    usual = {
        "kind": "souvenir",
        "names": {"zh-Hans": "集装箱模型", "zh-Hant": "貨櫃模型", "en": "Model container"},
        "abouts": {"en": "1:64, with your company’s name."},
        "cost": 10,
        "stock": 2,
        "per_person": None,
        "needs_approval": True,
        "is_shown": True,
    }
    staff = user_of(make_person(staff_role="manager"))
    ref = write(lambda on: rewards.make(Said(**(usual | values)), staff, on=on))
    return db.session.execute(select(Reward.__table__).where(Reward.ref == ref)).one()


def make_rich(points=40):
    """Make a member with points."""
    company = make_company()
    person = make_colleague(company)
    user = user_of(person, company)
    earn(user, points)
    return person, user


def earn(user, points, kind="streak"):
    cause = f"{kind}:{points}"
    args = (kind, user.person_id, user.company_id, cause)
    assert write(lambda on: ledger.earn(*args, points=points, on=on)) == points


def order(page, reward, **values):
    shown = page.get(f"/club/rewards/{reward.ref}").text
    form_name = re.search(r'name="form_name" value="(\w+)"', shown)[1]
    sent = {"form_name": form_name, "cost": reward.cost} | values
    return page.post(f"/club/rewards/{reward.ref}", sent), sent


def the_order():
    db.session.rollback()
    return db.session.execute(select(RewardOrder.__table__).order_by(RewardOrder.id)).all()[-1]


@pytest.mark.parametrize("path", PAGES)
def test_members_see_every_page_with_and_without_points(app, as_user, path):
    person, _user = make_rich()
    assert as_user(person).get(f"/club/points{path}").status_code == 200
    assert as_user(make_colleague()).get(f"/club/points{path}").status_code == 200


def test_the_rules_page_shows_the_table_that_is_used(app, as_user):
    page = as_user(make_colleague()).get("/club/points/rules").text
    assert "Accurate notice" in page
    assert ">8<" in page.replace("\n", "")


def test_entries_are_filtered_in_the_address_and_exported(app, as_user):
    person, user = make_rich()
    earn(user, 5, "game")
    page = as_user(person)
    assert page.get("/club/points?kind=game").text.count('role="rowheader"') == 1
    assert "No entry is like that" in page.get("/club/points?kind=quiz&from=2026-01-01").text
    sheet = page.get("/club/points/entries.csv?kind=game", buffered=True)
    assert sheet.content_type.startswith("text/csv")
    assert len(sheet.text.strip().splitlines()) == 2


def test_nobody_sees_the_entries_of_another(app, as_user):
    make_rich()
    stranger = as_user(make_colleague())
    assert "No entries yet" in stranger.get("/club/points").text
    assert (
        len(stranger.get("/club/points/entries.csv", buffered=True).text.strip().splitlines()) == 1
    )


def test_a_board_shows_people_and_companies_and_who_left_is_gone_at_once(app, as_user):
    person, user = make_rich()
    page, other = as_user(person), as_user(make_colleague())
    assert user.name in other.get("/club/points/board").text
    assert "Your place: 1" in page.get("/club/points/board?in=year").text
    assert page.post("/club/points/board", {"shown": "0"}).status_code == 303
    for way in ("", "?in=all", "?in=year", "?of=company"):
        assert "Nobody is here yet" in other.get(f"/club/points/board{way}").text
    page.post("/club/points/board", {"shown": "1"})
    assert user.name in other.get("/club/points/board").text


def test_a_reward_is_ordered_approved_and_handed_over(app, as_user):
    reward, (person, user) = make_reward(), make_rich()
    member, desk = as_user(person), as_user(make_person(staff_role="manager"))
    reply, sent = order(member, reward)
    assert reply.status_code == 303
    assert member.post(f"/club/rewards/{reward.ref}", sent).status_code == 303  # sent twice
    made = the_order()
    assert (made.state, balance_for(user), stock_of(reward)) == ("open", 30, 1)
    assert made.ref in desk.get("/desk/club/rewards").text
    for act in ("approve", "hand"):
        assert desk.post(f"/desk/club/rewards/orders/{made.ref}", {"act": act}).status_code == 303
    assert the_order().state == "handed"
    assert member.post(f"/club/rewards/orders/{made.ref}/cancel").status_code == 409
    assert "Handed over" in member.get("/club/rewards/orders").text


def stock_of(reward):
    db.session.rollback()
    return db.session.scalar(select(Reward.stock).where(Reward.id == reward.id))


def test_what_is_refused_says_why_and_gives_points_and_piece_back(app, as_user):
    reward, (person, user) = make_reward(), make_rich()
    member, desk = as_user(person), as_user(make_person(staff_role="manager"))
    order(member, reward)
    way = f"/desk/club/rewards/orders/{the_order().ref}"
    desk_page = desk.get("/desk/club/rewards").text
    assert desk.post(way, {"act": "refuse"}).status_code == 409
    assert desk.post(way, {"act": "refuse", "reason": "Sold to the fair."}).status_code == 303
    assert desk.post(way, {"act": "approve"}).status_code == 409
    assert (balance_for(user), stock_of(reward)) == (40, 2)
    assert "Sold to the fair." in member.get("/club/rewards/orders").text
    page = member.get("/club/points").text
    assert "Given back" in page
    assert ": Sold to the fair." in page
    assert 'value="approve" formnovalidate' in desk_page
    assert re.search(r'name="reason"[^>]* required', desk_page)


def test_what_is_open_can_be_cancelled_by_its_owner_only(app, as_user):
    reward, (person, user) = make_reward(), make_rich()
    order(as_user(person), reward)
    way = f"/club/rewards/orders/{the_order().ref}/cancel"
    assert as_user(make_colleague()).post(way).status_code == 404
    assert as_user(make_person(staff_role="manager")).post(way).status_code == 404
    assert as_user(person).post(way).status_code == 303
    assert (the_order().state, balance_for(user)) == ("cancelled", 40)


def test_nobody_decides_about_his_own_order(app, as_user):
    reward = make_reward()
    company = make_company()
    both = make_person(staff_role="manager")
    user = user_of(both, company)
    earn(user, 20)
    write(lambda on: rewards.order(reward.id, user, "a" * 20, cost=10, on=on))
    desk = as_user(both)
    reply = desk.post(f"/desk/club/rewards/orders/{the_order().ref}", {"act": "approve"})
    assert reply.status_code == 409
    assert the_order().state == "open"


@pytest.mark.parametrize(
    ("values", "sent", "said"),
    [
        ({"stock": 0}, {}, "gone"),
        ({"cost": 500}, {}, "takes 500"),
        ({}, {"cost": 1}, "costs 10 points now"),
        ({}, {"form_name": "x"}, "Open the reward again"),
    ],
)
def test_a_forged_or_late_order_is_refused_with_a_sentence(app, as_user, values, sent, said):
    reward, (person, user) = make_reward(**values), make_rich()
    form = {"form_name": "f" * 32, "cost": reward.cost} | sent
    reply = as_user(person).post(f"/club/rewards/{reward.ref}", form)
    assert reply.status_code == 409
    assert said in reply.text
    assert balance_for(user) == 40


def test_one_person_gets_no_more_than_his_share(app, as_user):
    reward, (person, _user) = make_reward(per_person=1), make_rich()
    member = as_user(person)
    _reply, sent = order(member, reward)
    again = member.post(f"/club/rewards/{reward.ref}", sent | {"form_name": "g" * 32})
    assert again.status_code == 409
    assert "You have had as many" in member.get(f"/club/rewards/{reward.ref}").text


def test_members_do_not_come_to_the_desk_nor_to_hidden_rewards(app, as_user):
    reward = make_reward(is_shown=False)
    member = as_user(make_colleague())
    assert member.get("/desk/club/rewards").status_code in (302, 403, 404)
    assert member.get(f"/club/rewards/{reward.ref}").status_code == 404
    assert (
        as_user(make_person(staff_role="manager")).get(f"/club/rewards/{reward.ref}").status_code
        == 200
    )


def test_a_reward_is_written_and_changed_at_the_desk(app, as_user):
    desk = as_user(make_person(staff_role="manager"))
    said = {
        "kind": "storage",
        "name_hans": "免费仓储日",
        "name_hant": "免費倉儲日",
        "name_en": "Free storage day",
        "cost": "200",
        "stock": "5",
        "is_shown": "y",
    }
    assert desk.get("/desk/club/rewards/new").text.count(" checked ") == 2
    assert desk.post("/desk/club/rewards/new", said | {"cost": "0"}).status_code == 422
    assert desk.post("/desk/club/rewards/new", said | {"name_en": ""}).status_code == 422
    assert desk.post("/desk/club/rewards/new", said).status_code == 303
    row = db.session.execute(select(Reward.__table__)).one()
    way, seen = f"/desk/club/rewards/{row.ref}", {"base": "1", "shown_stock": "5"}
    assert 'value="200"' in desk.get(way).text
    assert desk.post(way, said | seen | {"stock": "9"}).status_code == 303
    assert stock_of(row) == 9
    assert desk.post(way, said | seen).status_code == 422  # somebody was faster


def test_all_orders_are_listed_by_state(app, as_user):
    reward, (person, _user) = make_reward(), make_rich()
    order(as_user(person), reward)
    desk = as_user(make_person(staff_role="manager"))
    assert the_order().ref in desk.get("/desk/club/rewards/orders?state=open").text
    assert the_order().ref not in desk.get("/desk/club/rewards/orders?state=handed").text
