"""Rewards under load: no piece twice, no point twice."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from portal.club.points.models import PointAccount, Reward, RewardOrder
from portal.club.points.queries import balance_for
from portal.club.points.service import rewards
from portal.core.db import db, write
from portal.core.errors import Refused
from tests.factories import make_person, user_of
from tests.points.test_pages import make_reward, make_rich

pytestmark = pytest.mark.both_databases


def at_once(app, works):
    """Do works in threads that begin together; return what each said."""
    db.session.rollback()
    barrier, said = Barrier(len(works)), []

    def run(work):
        with app.app_context():
            barrier.wait()
            try:
                said.append(work())
            except Refused as refusal:
                said.append(str(refusal))
            db.session.remove()

    threads = [Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


def buy(reward, user, number=0):
    name = f"{user.person_id:08}{number:08}"
    return write(lambda on: rewards.order(reward.id, user, name, cost=10, on=on)).ref


def orders(**equal):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(RewardOrder).filter_by(**equal))


def test_of_the_last_two_pieces_none_is_sold_twice(app):
    reward, people = make_reward(stock=2), [make_rich(10)[1] for _ in range(6)]
    at_once(app, [lambda user=user: buy(reward, user) for user in people])
    assert orders() == 2
    assert db.session.scalar(select(Reward.stock)) == 0
    assert sorted(balance_for(user) for user in people) == [0, 0, 10, 10, 10, 10]


def test_who_orders_in_many_windows_at_once_gets_what_his_points_and_his_share_allow(app):
    reward, (_person, user) = make_reward(stock=None, per_person=2), make_rich(50)
    at_once(app, [lambda number=number: buy(reward, user, number) for number in range(5)])
    assert (orders(), balance_for(user)) == (2, 30)


def test_cancelling_approving_and_refusing_at_once_ends_in_one_of_them(app):
    reward, (_person, user) = make_reward(needs_approval=True), make_rich(10)
    buy(reward, user)
    row = db.session.execute(select(RewardOrder.__table__)).one()
    staff = user_of(make_person(staff_role="manager"))
    acts = [("cancel", user), ("refuse", staff), ("cancel", user), ("refuse", staff)]
    works = [
        lambda kind=kind, by=by: write(lambda on: rewards.act(row, kind, by, reason="No", on=on))
        for kind, by in acts
    ]
    said = at_once(app, works)
    assert said.count(None) == 1
    assert db.session.scalar(select(PointAccount.balance)) == 10
    assert db.session.scalar(select(Reward.stock)) == 2


def test_pieces_sold_while_somebody_edits_stay_sold(app):
    reward, (_person, user) = make_reward(stock=3), make_rich(10)
    staff = user_of(make_person(staff_role="manager"))
    buy(reward, user)
    said = rewards.Said(
        **{name: getattr(reward, name) for name in ("kind", "names", "abouts", "cost")},
        stock=5,
        per_person=None,
        needs_approval=True,
        is_shown=True,
    )
    write(lambda on: rewards.edit(reward.id, said, staff, base=1, shown_stock=3, on=on))
    assert db.session.scalar(select(Reward.stock)) == 4
    none = rewards.Said(**{**said.__dict__, "stock": 0})
    with pytest.raises(Refused):
        write(lambda on: rewards.edit(reward.id, none, staff, base=2, shown_stock=5, on=on))
