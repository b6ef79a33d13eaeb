"""Raffles: recomputed by another hand, fair, drawn once, never late, points back."""

import hashlib
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.club.daily import upkeep
from portal.club.daily.models import RafflePurchase, RaffleTicket, RaffleWin
from portal.club.daily.queries import raffles as queries
from portal.club.daily.rules import raffles as rules
from portal.club.daily.service import raffles, tickets, visits
from portal.club.daily.service.tickets import Wish
from portal.club.points.queries import balance_for
from portal.core import clock
from portal.core.db import db, write
from portal.core.errors import NotFound, Refused
from portal.core.events import EventRecord
from tests.daily.making import (
    at_once,
    change,
    end,
    make_manager,
    make_member,
    make_raffle,
    row_of,
)


def sha(text):
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def drawn_by_hand(seed, list_of_tickets, places):
    """Draw by the words on the page, with nothing of the portal's."""
    lines = list_of_tickets.splitlines()
    digest, winners, numbers, n = sha(list_of_tickets), [], [], 0
    while len(numbers) < min(places, len({line.split()[1] for line in lines})):
        h = int(sha(seed + digest + str(n)), 16)
        n += 1
        if h >= 2**256 // len(lines) * len(lines):
            continue
        number = h % len(lines) + 1
        holder = lines[number - 1].split()[1]
        if holder not in winners:
            winners.append(holder)
            numbers.append(number)
    return numbers


@pytest.mark.parametrize("size", [1, 2, 3, 7, 60, 257])
def test_the_draw_comes_out_the_same_by_another_hand(size):
    holders = [f"P{number % (size // 2 + 1)}" for number in range(size)]
    text = rules.listed(enumerate(holders, 1))
    assert rules.digest_of(holders) == sha(text)
    for seed in (sha("a"), sha("b"), sha("c")):
        found = [each.number for each in rules.drawn(seed, holders, 5)]
        assert found == drawn_by_hand(seed, text, 5)


def test_every_ticket_has_the_same_chance():
    holders = [f"P{number}" for number in range(5)]
    won = Counter(rules.drawn(sha(str(seed)), holders, 1)[0].number for seed in range(4000))
    expected = 4000 / 5
    assert sum((won[n] - expected) ** 2 / expected for n in range(1, 6)) < 20


def test_a_number_above_the_last_whole_multiple_is_passed_over(monkeypatch):
    monkeypatch.setattr(rules, "SPACE", 1 << 255)  # about every second number is too large now
    holders = ["a", "b", "c"]
    bound = (1 << 255) // 3 * 3
    for word in "klmnopqr":
        text = sha(word) + rules.digest_of(holders)
        n = next(n for n in range(99) if int(sha(f"{text}{n}"), 16) < bound)
        expected = rules.Draw(int(sha(f"{text}{n}"), 16) % 3 + 1, n)
        assert rules.drawn(sha(word), holders, 1) == [expected]


def take(user, ref, count=1, cost=10, name=None):
    name = name or f"{user.person_id:016}{clock.now().timestamp():.6f}".replace(".", "")
    return write(lambda on: tickets.take(user, ref, Wish(count, cost, name), on=on))


def count(model, **equal):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model).filter_by(**equal))


@pytest.mark.both_databases
def test_of_forty_at_once_one_takes_the_last_ticket_allowed(app):
    ref = make_raffle(most=3)
    _person, user = make_member(50)
    take(user, ref, 2)
    works = [lambda n=n: take(user, ref, 1, name=f"{'f' * 20}{n:04}") for n in range(40)]
    said = at_once(app, works)
    assert sum(not isinstance(each, str) for each in said) == 1
    assert (count(RaffleTicket), row_of(ref).tickets, balance_for(user)) == (3, 3, 20)


@pytest.mark.both_databases
def test_many_people_get_numbers_without_a_gap(app):
    ref = make_raffle(places=3)
    people = [make_member(30)[1] for _ in range(6)]
    at_once(app, [lambda user=user: take(user, ref, 2) for user in people])
    numbers = [number for number, _name in queries.tickets_of(row_of(ref).id)]
    assert numbers == list(range(1, 13))
    end(ref)
    assert sorted(at_once(app, [upkeep.run] * 2)) == [0, 1]
    row = row_of(ref)
    text = rules.listed(queries.tickets_of(row.id))
    won = queries.winners_of(people[0], row.id)
    assert [each.number for each in won] == drawn_by_hand(row.revealed_seed, text, 3)
    assert sha(row.revealed_seed) == row.commitment
    assert sha(text) == row.digest
    assert count(EventRecord, name="daily.raffle_drawn") == 1


@pytest.mark.both_databases
def test_a_draw_that_was_killed_is_done_again_with_the_same_winners(app, monkeypatch):
    ref = make_raffle()
    people = [make_member(30)[1] for _ in range(3)]
    for user in people:
        take(user, ref, 2)
    end(ref)
    row = row_of(ref)
    expected = drawn_by_hand(row.seed, rules.listed(queries.tickets_of(row.id)), 1)
    db.session.rollback()

    def killed(*_args, **_values):
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(raffles.events, "record", killed)
        with pytest.raises(SystemExit):
            upkeep.run()
    assert (row_of(ref).state, count(RaffleWin)) == ("published", 0)
    assert upkeep.run() == 1
    assert [each.number for each in queries.winners_of(people[0], row.id)] == expected
    assert upkeep.run() == 0


@pytest.mark.both_databases
def test_cancelled_tickets_give_their_points_back_once(app):
    ref, manager = make_raffle(), make_manager()
    _person, user = make_member(50)
    take(user, ref, 3)
    assert balance_for(user) == 20
    with pytest.raises(Refused):
        write(lambda on: raffles.cancel(ref, None, manager, on=on))
    write(lambda on: raffles.cancel(ref, "No prize", manager, on=on))
    for _again in range(3):
        upkeep.run()
    assert (balance_for(user), count(RafflePurchase, is_refunded=True)) == (50, 1)
    end(ref)
    assert upkeep.run() == 0
    with pytest.raises(Refused):
        take(user, ref)


def test_late_early_and_dear_tickets_are_refused_and_cost_nothing(app):
    _person, user = make_member(15)
    ref = make_raffle(is_open=False)
    with pytest.raises(Refused, match="not open yet"):
        take(user, ref)
    change(ref, opens_at=clock.now() - timedelta(hours=1))
    with pytest.raises(Refused, match="costs 10"):
        take(user, ref, cost=1)
    for wrong in (0, -3, 21):
        with pytest.raises(Refused):
            take(user, ref, wrong)
    with pytest.raises(Refused, match="15 points"):
        take(user, ref, 2)
    end(ref)
    with pytest.raises(Refused, match="has ended"):
        take(user, ref)
    upkeep.run()
    assert row_of(ref).state == "drawn"
    with pytest.raises(Refused, match="has ended"):
        take(user, ref)
    assert (balance_for(user), count(RaffleTicket)) == (15, 0)


def test_the_same_form_is_one_purchase_and_nobody_elses(app):
    ref = make_raffle()
    _person, user = make_member(50)
    first = take(user, ref, 1, name="a" * 32)
    assert take(user, ref, 1, name="a" * 32).id == first.id
    with pytest.raises(Refused):
        take(make_member(50)[1], ref, 1, name="a" * 32)
    assert count(RaffleTicket) == 1


def test_a_free_ticket_needs_a_check_in_of_the_week_and_comes_once(app):
    ref = make_raffle(cost=0)
    _person, user = make_member()
    with pytest.raises(Refused, match="Check in first"):
        take(user, ref, 1, cost=0)
    write(lambda on: visits.check_in(user, None, on=on))
    take(user, ref, 1, cost=0)
    with pytest.raises(Refused, match="this week"):
        take(user, ref, 1, cost=0)


def test_people_of_the_centre_take_no_tickets(app):
    with pytest.raises(Refused):
        take(make_manager(), make_raffle())


def test_a_published_raffle_cannot_be_changed_and_a_draft_is_for_the_desk(app):
    ref, manager = make_raffle(), make_manager()
    row, (_person, user) = row_of(ref), make_member()
    same = {name: getattr(row, name) for name in ("titles", "prizes", "cost", "most", "places")}
    said = raffles.Said(opens_at=row.opens_at, closes_at=row.closes_at, **same)
    with pytest.raises(Refused):
        write(lambda on: raffles.edit(ref, said, manager, base=1, on=on))
    with pytest.raises(Refused):
        write(lambda on: raffles.publish(ref, manager, on=on))
    draft = write(lambda on: raffles.make(said, manager, on=on))
    with pytest.raises(NotFound):
        queries.raffle_for(user, draft)
    assert not hasattr(queries.raffle_for(user, ref), "seed")
