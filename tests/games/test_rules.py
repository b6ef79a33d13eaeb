"""What may be done in each game, what it is worth, and which logs no hand makes."""

from datetime import timedelta

import pytest

from portal.club.games.rules import games, route, sort, truck, truck_levels
from portal.club.games.rules.chance import Chance, seed_of
from portal.club.games.rules.moves import LARGEST, MOST, Forged, moves_of
from tests.games import logs

HOUR = timedelta(hours=1)
GAMES = tuple(games.GAMES)


def fault_of(game, moves, seed=1, elapsed=HOUR):
    with pytest.raises(Forged) as caught:
        games.check(game, seed, moves, elapsed)
    return caught.value.code


@pytest.mark.parametrize("game", GAMES)
def test_an_honest_log_counts_and_counts_alike_each_time(game):
    log = logs.honest(game, 1)
    assert games.check(game, 1, log, HOUR) == games.check(game, 1, log, HOUR)
    assert games.check(game, 1, log, HOUR)[0] > 400


@pytest.mark.parametrize("game", GAMES)
def test_the_same_seed_makes_the_same_level_and_another_one_another(game):
    made = games.GAMES[game].level
    made.cache_clear()
    first = made(7)
    made.cache_clear()
    assert made(7) == first
    assert made(8) != first


def test_nobody_knows_next_weeks_level_without_the_secret():
    assert seed_of("ours", "week", "truck", "2026-W47") != seed_of("x", "week", "truck", "2026-W47")


def test_chance_is_even_enough_and_stays_within():
    chance = Chance(5)
    drawn = [chance.below(6) for _ in range(6000)]
    assert {*drawn} == set(range(6))
    assert all(850 < drawn.count(side) < 1150 for side in range(6))


@pytest.mark.parametrize(
    "raw",
    [
        None,
        {},
        "moves",
        [],
        [[]],
        [[1]],
        [["1", 2]],
        [[1, 2.0]],
        [[1, True]],
        [[1, 2, 3, 4, 5, 6]],
        [[1, LARGEST + 1]],
        [[1, None]],
        [[0, 1]] * (MOST + 1),
    ],
)
def test_what_is_no_log_is_refused(raw):
    with pytest.raises(Forged) as caught:
        moves_of(raw)
    assert caught.value.code == "shape"


@pytest.mark.parametrize("game", GAMES)
def test_a_log_longer_than_the_time_since_the_round_began_is_refused(game):
    log = logs.honest(game, 1)
    took = timedelta(milliseconds=log[-1][0])
    assert fault_of(game, log, elapsed=took - games.SLACK - timedelta(milliseconds=1)) == "early"
    assert games.check(game, 1, log, took - games.SLACK)


@pytest.mark.parametrize("game", GAMES)
def test_a_clock_that_runs_backwards_is_refused(game):
    log = logs.honest(game, 1)
    log[4][0] = log[2][0]
    assert fault_of(game, log) == "order"


@pytest.mark.parametrize("game", GAMES)
def test_moves_quicker_than_a_hand_are_refused(game):
    log = logs.honest(game, 1)
    log[4][0] = log[3][0] + 20
    assert fault_of(game, log) == "fast"


# ---- the truck
BOX = {"kind": "carton", "l": 6, "w": 4, "h": 4, "kg": 10, "bears": 20, "upright": False, "stop": 1}
LEVEL = {
    "box": [20, 10, 10],
    "payload": 60,
    "front": [-5, 40],
    "rear": [15, 60],
    "stops": 2,
    "cartons": [BOX, BOX, BOX, BOX, {**BOX, "stop": 2}, {**BOX, "bears": 0, "upright": True}],
}


def loaded(*cartons):
    load = truck.Load(LEVEL)
    for carton in cartons:
        load.put(*carton)
    return load


@pytest.mark.parametrize(
    ("there", "new", "fault"),
    [
        ([], (0, 0, 0, 0), None),
        ([], (0, 15, 0, 0), "walls"),
        ([], (0, -1, 0, 0), "walls"),
        ([], (0, 0, 0, 6), "turn"),
        ([], (5, 0, 0, 2), "turn"),
        ([], (5, 0, 0, 1), None),
        ([], (6, 0, 0, 0), "known"),
        ([(0, 0, 0, 0)], (0, 6, 0, 0), "known"),
        ([(0, 0, 0, 0)], (1, 0, 0, 0), None),
        ([(0, 0, 0, 0)], (1, 1, 0, 0), None),
        ([(0, 0, 0, 0)], (1, 2, 0, 0), "hangs"),
        ([(0, 0, 0, 0), (1, 0, 0, 0)], (2, 0, 0, 0), "roof"),
        ([(5, 0, 0, 0)], (0, 0, 0, 0), "crushes"),
        ([(0, 8, 0, 0)], (1, 0, 0, 0), "way"),
        ([(0, 8, 0, 0)], (1, 0, 4, 0), None),
    ],
)
def test_where_a_carton_may_stand(there, new, fault):
    assert loaded(*there).fault(*new) == fault


def test_what_is_heavier_than_the_payload_stays_outside():
    load = truck.Load({**LEVEL, "payload": 15})
    load.put(0, 0, 0, 0)
    assert load.fault(1, 6, 0, 0) == "payload"


def test_a_carton_bears_all_that_stands_above_it():
    load = truck.Load({**LEVEL, "box": [20, 10, 20]})
    for carton in range(3):
        load.put(carton, 0, 0, 0)
    assert load.fault(3, 0, 0, 0) == "crushes"


def test_only_what_is_free_comes_out_again():
    load = loaded((0, 0, 0, 0), (1, 0, 0, 0), (2, 8, 0, 0))
    assert load.holds(0) == "above"
    assert load.holds(1) is None
    assert load.holds(5) == "known"
    load.take(1)
    assert load.holds(0) == "way"


def test_what_stands_before_an_earlier_stop_is_moved_and_costs_points():
    first = loaded((4, 0, 0, 0), (0, 6, 0, 0))
    assert first.rehandled() == 0
    wrong = loaded((0, 0, 0, 0), (4, 6, 0, 0))
    assert wrong.rehandled() == 1
    assert first.score() - wrong.score() == truck.REHANDLED


def test_axles_and_sides_cost_points():
    load = loaded((0, 14, 0, 0))
    found = load.parts()
    assert found["rear"] + found["front"] == 10
    assert found["front"] < 0
    assert found["side"] == 30
    whole = 1000 * 96 // (96 * 6)
    assert load.score() == max(0, whole - truck.AXLE_OVER - truck.TO_ONE_SIDE)


def test_our_own_way_keeps_all_rules_and_misses_something():
    for seed in range(6):
        score, way = truck_levels.our_way(seed)
        log = truck_levels.log_of(way)
        assert truck.play(truck_levels.level(seed), log)[0] == score
        assert 400 < score < 1100


# ---- the van
def test_an_early_van_waits_and_a_late_one_pays():
    level = {
        "start": 28_800,
        "service": 300,
        "reference": 2000,
        "metres": [[0, 1000, 1000], [1000, 0, 500], [1000, 500, 0]],
        "stops": [{"from": 30_000, "to": 31_000}, {"from": 28_800, "to": 28_980}],
    }
    late = route.drive(level, [0, 1])
    assert late["metres"] == 2500
    assert late["arrivals"] == [(28_920, 0), (30_360, 1380)]
    assert late["cost"] == 2500 + 2300
    good = route.drive(level, [1, 0])
    assert good["late"] == 0
    assert route.points(good["cost"], 2000) == 800


def test_a_tour_without_all_stops_is_not_handed_in():
    log = logs.honest("route", 1)[:-1]
    assert fault_of("route", log) == "unfinished"


@pytest.mark.parametrize(
    "move", [[90_000, 12, 0], [90_000, 0, 13], [90_000, 0, -2], [90_000, -1, 0]]
)
def test_a_stop_that_is_none_is_refused(move):
    assert fault_of("route", [*logs.honest("route", 1), move]) == "impossible"


def test_a_better_tour_than_ours_gets_more_than_ours_up_to_the_most():
    assert route.points(500, 1000) == route.MOST
    assert route.points(1000, 1000) == route.FULL


# ---- the belt
def test_the_mark_comes_before_the_postcode():
    plan = {"2": 1, "5": 2}
    assert sort.chute_of(plan, {"mark": "", "postcode": "510030"}) == 2
    assert sort.chute_of(plan, {"mark": "lithium", "postcode": "510030"}) == sort.MARKED


def test_a_key_before_anything_is_there_is_refused():
    assert fault_of("sort", [[100, 1]]) == "impossible"


def test_a_key_before_the_label_can_be_read_is_refused():
    first = logs.level("sort", 1)["parcels"][0]["at"]
    assert fault_of("sort", [[first + sort.SEEN - 1, 1]]) == "fast"


def test_a_key_during_a_pause_is_refused():
    first = logs.level("sort", 1)["parcels"][0]["at"]
    assert fault_of("sort", [[first, 0], [first + 900, 1]]) == "impossible"


def test_a_pause_stops_the_belt_and_changes_no_score():
    log = logs.honest("sort", 1)
    at = log[10][0]
    shifted = [[move[0] + 60_000, move[1]] for move in log[10:]]
    paused = [*log[:10], [at, 0], [at + 60_000, 0], *shifted]
    assert games.check("sort", 1, paused, HOUR) == games.check("sort", 1, log, HOUR)


def test_more_pauses_than_allowed_are_refused():
    pauses = [[1000 + number, 0] for number in range(2 * sort.PAUSES + 1)]
    assert fault_of("sort", pauses) == "impossible"


def test_keys_as_even_as_a_clock_are_refused():
    level = logs.level("sort", 1)
    shift, log = sort.Shift(level), []
    for parcel in level["parcels"]:
        at = max(parcel["at"], shift.free) + 400
        if at <= parcel["until"]:
            shift.press(at, 1)
            log.append([at, sort.chute_of(level["plan"], parcel)])
    assert fault_of("sort", log) == "even"


def test_what_leaves_the_belt_is_missed_and_ends_the_run():
    score, parts = games.check("sort", 1, logs.honest("sort", 1)[:5], HOUR)
    assert parts["missed"] == len(logs.level("sort", 1)["parcels"]) - 5
    assert score == 0
