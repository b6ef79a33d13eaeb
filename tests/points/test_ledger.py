"""The ledger of points against a model that a person can reckon through, and under load."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Barrier, Thread

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import IntegrityError

from portal.accounts.access import User
from portal.club.points import rules
from portal.club.points.models import (
    PointAccount,
    PointEntry,
    PointLine,
    PointLot,
    PointShare,
    PointStanding,
)
from portal.club.points.queries import balance_for
from portal.club.points.service import boards, booking, ledger
from portal.core import clock
from portal.core.db import db, write
from portal.core.errors import Refused
from tests.factories import make_colleague, make_company, user_of

pytestmark = pytest.mark.both_databases
START = datetime(2026, 11, 22, 4, tzinfo=UTC)
numbers = count(1)


def make_user():
    """Make somebody who works for a company of his own."""
    company = make_company()
    user = user_of(make_colleague(company), company)
    db.session.rollback()
    return user


def earn(user, kind="topic", cause=None, **values):
    company_id = values.pop("company_id", user.company_id)
    cause = cause or f"test:{next(numbers)}"
    given = write(lambda on: ledger.earn(kind, user.person_id, company_id, cause, on=on, **values))
    return cause, given


def spend(user, points, cause=None):
    cause = cause or f"order:{next(numbers)}"
    return write(lambda on: ledger.spend("spent_reward", user.person_id, points, cause, on=on))


def reverse(entry_id):
    return write(lambda on: ledger.reverse(entry_id, None, None, on))


def entry_of(user, kind, cause):
    return write(lambda on: ledger.find(kind, cause, user.person_id, on=on))


def rows(model, **equal):
    db.session.rollback()
    table = model.__table__
    where = [table.c[name] == value for name, value in equal.items()]
    return db.session.execute(select(table).where(*where)).all()


def account(user):
    (row,) = rows(PointAccount, person_id=user.person_id)
    return row


class Model:
    """What the ledger should say of one person, in the plainest way."""

    def __init__(self):
        self.lots = Counter()
        self.owed = 0
        self.entries = []  # [kind, points, at, lines or None, undone]
        self.causes = set()

    def expire(self, now):
        for end in [end for end, points in self.lots.items() if end <= now and points]:
            del self.lots[end]

    def earn(self, kind, cause, at, now):
        had = sum(e[1] for e in self.entries if e[0] == kind and e[2].date() == at.date())
        points = min(rules.KINDS[kind].points, rules.KINDS[kind].per_day - had)
        if (kind, cause) in self.causes or rules.expiry(at, clock.zone()) <= now:
            return 0
        self.causes.add((kind, cause))
        if points <= 0:
            return 0
        self.put(rules.expiry(at, clock.zone()), points)
        self.entries.append([kind, points, at, None, False])
        return points

    def put(self, end, points):
        paid = min(self.owed, points)
        self.owed -= paid
        self.lots[end] += points - paid

    def take(self, points, first=None):
        lines = []
        for end in sorted(self.lots, key=lambda end: (end != first, end)):
            used = min(points, self.lots[end])
            self.lots[end] -= used
            points -= used
            lines.append((end, used))
        self.owed += points
        return lines

    def spend(self, points, now):
        self.expire(now)
        if points > sum(self.lots.values()):
            return False
        self.entries.append(["spent", -points, now, self.take(points), False])
        return True

    def undo(self, index, now):
        _kind, points, at, lines, undone = self.entries[index]
        end = rules.expiry(at, clock.zone())
        if undone or (lines is None and end <= now):
            return None
        self.entries[index][4] = True
        if lines is not None:
            least = rules.month_after(now + rules.GRACE, clock.zone())
            for was, used in lines:
                self.put(max(was, least), used)
        elif points > 0:
            self.take(points, end)
        else:
            self.put(end, -points)
        if lines is None:
            self.entries.append(["undo", -points, at, None, False])
        return True


steps = st.lists(
    st.one_of(
        st.tuples(
            st.just("earn"),
            st.sampled_from(["topic", "reply", "accepted"]),
            st.integers(1, 6),
            st.sampled_from([0, 0, 40, 300, 400]),
        ),
        st.tuples(st.just("spend"), st.integers(1, 25)),
        st.tuples(st.just("undo"), st.integers(0, 30)),
        st.tuples(st.just("wait"), st.sampled_from([1, 31, 200, 366])),
    ),
    min_size=4,
    max_size=22,
)


@settings(
    max_examples=25,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=steps)
def test_the_ledger_agrees_with_a_simple_model_in_any_order(app, steps):
    user = one_user()
    rows_of_boards = write(lambda on: Run(user, on).all(steps))
    for kind, subject in (("person", user.person_id), ("company", user.company_id)):
        standing = rows(PointStanding, period="all", kind=kind, subject_id=subject)
        assert sum(each.points for each in standing) == rows_of_boards


def one_user():
    """Return somebody, the same one for all examples, with nothing in his account."""
    with db.engine.begin() as on:
        if (
            found := on.execute(text("SELECT person_id, company_id FROM membership")).first()
        ) is None:
            return make_user()
        for model in (PointLine, PointEntry, PointLot, PointShare, PointStanding, PointAccount):
            on.execute(delete(model))
    return User(person_id=found[0], company_id=found[1], name="", email="", rights=frozenset())


class Run:
    """One history, done in the ledger and in the model."""

    def __init__(self, user, on):
        self.user, self.on = user, on
        self.model, self.made, self.now = Model(), [], START
        booking.locked(user.person_id, on)

    def all(self, steps):
        """Do the steps; return what counts on boards."""
        for step, *values in steps:
            with time_machine.travel(self.now, tick=False):
                getattr(self, step)(*values)
                self.assert_whole()
        return sum(each.points for each in self.rows(PointEntry) if each.company_id is not None)

    def wait(self, days):
        self.now += timedelta(days=days)
        with time_machine.travel(self.now, tick=False):
            ledger.expire(self.user.person_id, self.on)
            self.model.expire(self.now)

    def earn(self, kind, number, ago):
        cause, at = f"test:{number}", self.now - timedelta(days=ago)
        points = self.model.earn(kind, cause, at, self.now)
        person_id, company_id = self.user.person_id, self.user.company_id
        assert ledger.earn(kind, person_id, company_id, cause, at=at, on=self.on) == points
        if points:
            self.made.append(ledger.find(kind, cause, person_id, on=self.on).id)

    def spend(self, points):
        def tried():
            return ledger.spend(
                "spent_reward", self.user.person_id, points, f"order:{next(numbers)}", on=self.on
            )

        if self.model.spend(points, self.now):
            self.made.append(tried())
        else:
            with pytest.raises(Refused):
                tried()

    def undo(self, index):
        if index >= len(self.made):
            return
        expected, kind = self.model.undo(index, self.now), self.model.entries[index][0]
        undone = ledger.reverse(self.made[index], None, None, self.on)
        assert (undone is not None) == (expected is not None)
        if undone is not None and kind != "spent":
            self.made.append(undone)

    def rows(self, model):
        table = model.__table__
        mine = select(table).where(table.c.person_id == self.user.person_id)
        return self.on.execute(mine).all()

    def assert_whole(self):
        """The account, the lots, the lines and the entries say the same."""
        lots = {row.expires_at: row.points for row in self.rows(PointLot) if row.points}
        assert lots == {end: points for end, points in self.model.lots.items() if points}
        (account,) = self.rows(PointAccount)
        assert (account.balance, account.owed) == (sum(lots.values()), self.model.owed)
        entries = self.rows(PointEntry)
        assert sum(each.points for each in entries) == account.balance - account.owed
        lines = select(func.coalesce(func.sum(PointLine.points), 0))
        assert self.on.scalar(lines) == account.balance


def test_a_cause_pays_once_and_a_day_only_so_much(app):
    user = make_user()
    with time_machine.travel(START):
        assert [earn(user, "topic", "post:1")[1] for _ in range(2)] == [5, 0]
        assert [earn(user, "topic")[1] for _ in range(3)] == [5, 0, 0]
        assert earn(user, "game", points=14)[1] == 14
        assert earn(user, "game", points=14)[1] == 1
        assert balance_for(user) == 25


def test_one_person_brings_another_only_so_much_in_a_month(app):
    user, friend, other = make_user(), make_user(), make_user()
    got = []
    for day in range(0, 40, 5):
        with time_machine.travel(START + timedelta(days=day)):
            got.append(earn(user, "useful", given_by=friend.person_id)[1])
    assert got == [3, 3, 0, 0, 0, 0, 0, 3]
    assert earn(user, "useful", given_by=other.person_id)[1] == 3


def test_people_of_the_centre_earn_nothing(app):
    assert earn(make_user(), company_id=None)[1] == 0


def test_points_expire_with_the_month_a_year_later_and_are_not_spendable_before_housekeeping(app):
    user = make_user()
    with time_machine.travel(START):
        earn(user)
    with time_machine.travel(datetime(2027, 11, 30, 15, tzinfo=UTC)):
        assert balance_for(user) == 5
    with time_machine.travel(datetime(2027, 11, 30, 17, tzinfo=UTC)):  # 1 December in Shanghai
        assert balance_for(user) == 0
        with pytest.raises(Refused):
            spend(user, 1)
        assert write(lambda on: ledger.expire_due(10, on=on)) == 1
        assert write(lambda on: ledger.expire_due(10, on=on)) == 0
    assert account(user).balance == 0


def test_the_same_cause_is_paid_once(app):
    user = make_user()
    earn(user)
    assert spend(user, 3, "order:A") == spend(user, 3, "order:A")
    assert balance_for(user) == 2


def test_what_is_taken_back_after_it_was_spent_is_paid_from_what_comes_next(app):
    user = make_user()
    cause, _ = earn(user)
    spend(user, 4)
    reverse(entry_of(user, "topic", cause).id)
    assert (account(user).balance, account(user).owed) == (0, 4)
    earn(user)
    assert (account(user).balance, account(user).owed) == (1, 0)


def test_the_database_itself_refuses_less_than_nothing(app):
    user = make_user()
    earn(user)
    for table in (PointAccount.__table__, PointLot.__table__):
        less = update(table).where(table.c.person_id == user.person_id)
        name = "balance" if table is PointAccount.__table__ else "points"
        with pytest.raises(IntegrityError):
            write(lambda on, less=less, name=name: on.execute(less.values({name: -1})))


def test_of_two_who_spend_the_last_points_one_wins(app):
    user, outcomes = make_user(), []
    earn(user)
    at_once(app, 6, lambda number: outcomes.append(tried(lambda: spend(user, 5))))
    assert sorted(outcomes) == [False] * 5 + [True]
    assert account(user).balance == 0


def test_of_the_same_deed_told_of_at_once_one_is_paid(app):
    user, given_points = make_user(), []
    at_once(app, 6, lambda number: given_points.append(earn(user, "notice", "inbound:1")[1]))
    assert sorted(given_points) == [0] * 5 + [8]


def test_colleagues_who_earn_at_once_are_all_counted(app):
    company = make_company()
    people = [user_of(make_colleague(company), company) for _ in range(4)]
    at_once(app, 4, lambda number: [earn(people[number], "notice") for _ in range(3)])
    (standing,) = rows(PointStanding, period="all", kind="company", subject_id=company.id)
    assert standing.points == 4 * 3 * 8


def at_once(app, number, work):
    """Do something in so many threads that begin together."""
    db.session.rollback()
    barrier = Barrier(number)

    def run(place):
        with app.app_context():
            barrier.wait()
            work(place)
            db.session.remove()

    threads = [Thread(target=run, args=(place,)) for place in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def tried(work):
    try:
        work()
    except Refused:
        return False
    return True


def test_who_leaves_the_boards_counts_for_nobody_until_he_comes_back(app):
    company = make_company()
    one, other = (user_of(make_colleague(company), company) for _ in range(2))
    db.session.rollback()
    earn(one, "notice"), earn(other, "topic")
    write(lambda on: boards.set_hidden(one.person_id, True, on=on))
    earn(one, "topic")
    shown = [row for row in rows(PointStanding, period="all") if row.is_shown]
    assert {(row.kind, row.points) for row in shown} == {("person", 5), ("company", 5)}
    write(lambda on: boards.set_hidden(one.person_id, False, on=on))
    shown = [row for row in rows(PointStanding, period="all") if row.is_shown]
    assert sorted((row.kind, row.points) for row in shown) == [
        ("company", 18),
        ("person", 5),
        ("person", 13),
    ]
    assert sum(row.points for row in rows(PointShare, period="all")) == 18
    assert db.session.scalar(text("SELECT count(*) FROM point_standing")) == 9
