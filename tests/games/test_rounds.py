"""Rounds are begun and handed in once; forged ones leave nothing; weeks are closed once."""

import itertools
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select, update

from portal.club.games import queries
from portal.club.games.models import GameBest, GameRound, GameWeek
from portal.club.games.rules import games, weeks
from portal.club.games.service import closing, rounds
from portal.club.points.models import PointEntry
from portal.club.points.service import boards
from portal.core import clock
from portal.core.db import db, write
from portal.core.errors import NotFound, Refused
from tests.factories import make_company
from tests.games import logs
from tests.games.making import SECRET, begin, hand_in, make_player, now, played

pytestmark = pytest.mark.both_databases
serial = itertools.count(1)


def count(model):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model.__table__))


@pytest.mark.parametrize("game", games.GAMES)
def test_an_honest_round_is_counted_and_kept_as_the_best(app, game):
    player = make_player()
    done = played(player, game)
    assert (done.state, done.score > 400) == ("scored", True)
    own = queries.own_for(player, game, done.week)
    assert (own.week_best, own.place, own.ever_best) == (done.score, 1, done.score)


@pytest.mark.parametrize("game", games.GAMES)
def test_forged_logs_leave_no_score(app, game):
    player = make_player()
    row = begin(player, game)
    log = logs.honest(game, row.seed)
    log[3][0] = log[2][0] + 1
    assert hand_in(player, row, log).state == "refused"
    assert now(row).score is None
    assert now(row).moves is None
    assert count(GameBest) == 0


def test_the_same_log_twice_is_one_round_and_another_log_is_refused(app):
    player = make_player()
    row = begin(player)
    log = logs.honest("route", row.seed)
    first, again = hand_in(player, row, log), hand_in(player, row, log)
    assert (first.score, first.submitted_at) == (again.score, again.submitted_at)
    with pytest.raises(Refused):
        hand_in(player, row, logs.honest("route", row.seed, 5))


def test_a_log_that_was_counted_for_somebody_else_does_not_count_again(app):
    one, other = make_player(), make_player()
    log = played(one).moves
    row = begin(other)
    assert hand_in(other, row, log).state == "refused"
    assert now(row).parts == {"code": "again"}
    assert count(GameBest) == 1


def test_a_log_of_another_round_does_not_count(app):
    player = make_player()
    row = begin(player)
    log = logs.honest("route", row.seed)
    assert hand_in(player, row, log, round="GRXXXXXXXX").state == "refused"


@pytest.mark.parametrize("sent", [None, [], "x", {"moves": [[1, 2, 3]]}])
def test_what_is_no_log_ends_the_round_quietly(app, sent):
    player = make_player()
    row = begin(player)
    done = write(lambda on: rounds.hand_in(player, row.ref, sent, on=on))
    assert done.state == "refused"


def test_a_round_of_somebody_else_looks_missing(app):
    row = begin(make_player())
    other = make_player()
    with pytest.raises(NotFound):
        hand_in(other, row, logs.honest("route", row.seed))
    with pytest.raises(NotFound):
        write(lambda on: rounds.give_up(other, row.ref, on=on))
    with pytest.raises(NotFound):
        queries.round_for(other, row.ref)


def test_a_round_that_runs_is_gone_on_with(app):
    player = make_player()
    assert begin(player).ref == begin(player).ref
    assert count(GameRound) == 1


def test_a_round_that_is_too_old_is_not_counted(app):
    player = make_player()
    row = begin(player)
    with time_machine.travel(clock.now() + games.EXPIRES + timedelta(minutes=1)):
        with pytest.raises(Refused):
            hand_in(player, row, logs.honest("route", row.seed))
        assert begin(player).ref != row.ref
        assert now(row).state == "given_up"


def test_only_some_rounds_a_day_count(app):
    player = make_player()
    day = clock.now().astimezone(clock.zone()).replace(hour=9)
    with time_machine.travel(day, tick=False):
        for _ in range(games.A_DAY):
            row = write(lambda on: rounds.begin(player, "route", SECRET, on=on))
            write(lambda on, row=row: rounds.give_up(player, row.ref, on=on))
        with pytest.raises(Refused, match="rounds of today"):
            begin(player)
        assert begin(player, "truck")
    with time_machine.travel(day + timedelta(days=1), tick=False):
        assert begin(player)


def test_only_the_best_round_stands_on_the_board(app):
    player = make_player()
    good = played(player)
    row = begin(player)
    tour = [[1000 * n, stop, n - 1] for n, stop in enumerate(range(12), 1)]
    worse = hand_in(player, row, tour)
    assert worse.state == "scored"
    assert worse.score < good.score
    board = queries.people_for(player, "route", good.week)
    assert [(each["score"], each["is_own"]) for each in board] == [(good.score, True)]


def scored(player, score, game="route", week="2026-W40", at=None):
    """Put a score on a board of the past."""
    row = played(player, game, next(serial))
    at = at or weeks.end_of(week, clock.zone()) - timedelta(days=2)
    for model in (GameBest, GameRound):
        table = model.__table__
        whose = update(table).where(table.c.person_id == player.person_id, table.c.game == game)
        values = {"week": week, "score": score} | ({"at": at} if model is GameBest else {})
        write(lambda on, whose=whose, values=values: on.execute(whose.values(**values)))
    return row


def test_companies_are_ranked_by_their_best_people(app):
    big, small = make_company(), make_company()
    for score in (100, 200, 300, 400):
        scored(make_player(big), score)
    for score in (500, 450):
        scored(make_player(small), score)
    asker = make_player(big)
    board = queries.companies_for(asker, "route", "2026-W40")
    assert [(each["score"], each["people"], each["is_own"]) for each in board] == [
        (950, 2, False),
        (900, 3, True),
    ]


def test_a_week_is_closed_once_and_its_first_places_earn_points(app):
    players = [make_player() for _ in range(games.LEAST)]
    for number, player in enumerate(players):
        scored(player, 100 + number)
    over = queries.ended_weeks("route")  # before it is closed
    assert [(each.week, each.players) for each in over] == [("2026-W40", games.LEAST)]
    assert closing.run() == 1
    assert closing.run() == 0
    assert count(GameWeek) == 1
    earned = db.session.execute(select(PointEntry).order_by(PointEntry.points.desc())).scalars()
    given = [(each.person_id, each.points) for each in earned]
    first = [player.person_id for player in players[::-1]]
    assert given == list(zip(first, games.PRIZES, strict=False))
    asker = players[0]
    db.session.rollback()
    won = queries.winners_for(asker, "2026-W40")["route"]
    assert [each["score"] for each in won] == [104, 103, 102]


def test_the_centres_people_take_places_but_no_points(app):
    staff = make_player()
    for _ in range(games.LEAST):
        scored(make_player(), 100)
    scored(staff, 900)
    table = GameBest.__table__
    ours = update(table).where(table.c.person_id == staff.person_id).values(company_id=None)
    write(lambda on: on.execute(ours))
    closing.run()
    won = queries.winners_for(staff, "2026-W40")["route"]
    assert [each["points"] for each in won] == [0, *games.PRIZES[1:]]


def test_where_few_played_nobody_earns_points(app):
    scored(make_player(), 100)
    closing.run()
    assert count(GameWeek) == 1
    assert count(PointEntry) == 0


def test_the_week_that_runs_is_not_closed(app):
    played(make_player())
    assert closing.run() == 0
    week = queries.this_week()
    end = weeks.end_of(week, clock.zone())
    with time_machine.travel(end + games.EXPIRES - timedelta(minutes=1)):
        assert closing.run() == 0
    with time_machine.travel(end + games.EXPIRES + timedelta(minutes=1)):
        assert closing.run() == 1


def test_who_has_left_the_boards_is_on_none_and_takes_no_place(app):
    company = make_company()
    hidden, other = make_player(company), make_player()
    for _ in range(games.LEAST - 2):
        scored(make_player(), 10)
    scored(hidden, 900)
    scored(other, 100)
    write(lambda on: boards.set_hidden(hidden.person_id, True, on=on))
    seen = queries.people_for(other, "route", "2026-W40")
    assert [each["score"] for each in seen] == [100, 10, 10, 10]
    assert queries.people_for(hidden, "route", "2026-W40")[0]["is_own"]
    assert queries.own_for(hidden, "route", "2026-W40").place is None
    assert company.name not in {
        each["company"] for each in queries.companies_for(other, "route", "2026-W40")
    }
    closing.run()
    db.session.rollback()
    won = queries.winners_for(other, "2026-W40")["route"]
    assert won[0]["score"] == 100
