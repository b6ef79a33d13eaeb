"""The pages of the games: playing by form, strangers, forged logs, what is said without a script."""

import json

import pytest
from sqlalchemy import select

from portal.club.games.models import GameRound
from portal.club.games.rules import games
from portal.core.db import db
from tests.consignments.conftest import statements
from tests.factories import make_colleague, make_company, make_person
from tests.games import logs
from tests.games.making import earlier, make_player, played

__all__ = ["statements"]
GAMES = tuple(games.GAMES)


@pytest.fixture
def player(as_user):
    browser = as_user(make_colleague(make_company(), "operations"))
    assert browser.get("/club/games").status_code == 200
    return browser


def begin(browser, game):
    reply = browser.post(f"/club/games/{game}/rounds")
    assert reply.status_code == 303
    ref = reply.location.rpartition("/")[2]
    row = db.session.execute(select(GameRound.__table__).filter_by(ref=ref)).one()
    return earlier(row)


def hand_in(browser, row, log, ref=None):
    sent = {"log": json.dumps({"round": ref or row.ref, "moves": log})}
    return browser.post(f"/club/games/rounds/{row.ref}/moves", data=sent)


@pytest.mark.parametrize("game", GAMES)
def test_a_round_is_begun_played_and_handed_in(player, game):
    row = begin(player, game)
    page = player.get(f"/club/games/rounds/{row.ref}").get_data(as_text=True)
    level = json.loads(page.split("data-level>")[1].split("</script>")[0])
    assert level == logs.level(game, row.seed)
    reply = hand_in(player, row, logs.honest(game, row.seed))
    assert reply.location.endswith(row.ref)
    shown = player.get(reply.location).get_data(as_text=True)
    assert "Counted by the centre from your moves" in shown
    assert "It takes place 1." in shown
    assert hand_in(player, row, logs.honest(game, row.seed)).status_code == 303


@pytest.mark.parametrize("game", GAMES)
def test_a_forged_log_gets_a_neutral_sentence_and_no_score(player, game):
    row = begin(player, game)
    log = logs.honest(game, row.seed)
    log[2][0] = log[1][0]
    shown = player.get(hand_in(player, row, log).location).get_data(as_text=True)
    assert "This round could not be counted" in shown
    for word in ("fast", "forged", "cheat"):
        assert word not in shown.lower().replace("breakfast", "")
    assert "Nobody has played this week" in player.get(f"/club/games/{game}").get_data(as_text=True)


@pytest.mark.parametrize(
    "log", ["", "{", "[" * 3000, "null", '{"round": 1, "moves": 1e999}', "\ud800x"]
)
def test_what_is_no_json_is_no_log(player, log):
    row = begin(player, "route")
    sent = {"log": log.encode("utf-8", "surrogatepass")}
    reply = player.post(f"/club/games/rounds/{row.ref}/moves", data=sent)
    assert reply.status_code == 303
    assert "could not be counted" in player.get(reply.location).get_data(as_text=True)


def test_a_round_is_given_up(player):
    row = begin(player, "truck")
    assert player.post(f"/club/games/rounds/{row.ref}/end").status_code == 303
    assert "has no score" in player.get(f"/club/games/rounds/{row.ref}").get_data(as_text=True)
    assert hand_in(player, row, logs.honest("truck", row.seed)).status_code == 409


def test_a_round_of_somebody_else_looks_missing(player, as_user):
    row = begin(player, "route")
    stranger = as_user(make_colleague(make_company(), "operations"))
    assert stranger.get(f"/club/games/rounds/{row.ref}").status_code == 404
    assert hand_in(stranger, row, logs.honest("route", row.seed)).status_code == 404
    assert stranger.post(f"/club/games/rounds/{row.ref}/end").status_code == 404
    assert player.get("/club/games/rounds/GRNOTHERE").status_code == 404


def test_visitors_are_led_to_the_way_in(browser):
    assert browser.get("/club/games").status_code == 302
    assert browser.post("/club/games/truck/rounds").status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        "/chess",
        "/chess/rules",
        "/chess/boards",
        "/chess/practice",
        "/truck/boards?week=2026-W99",
        "/truck/boards?week=x",
    ],
)
def test_what_there_is_not_looks_missing(player, path):
    assert player.get(f"/club/games{path}").status_code == 404


@pytest.mark.parametrize("asked", ["0", "41", "-5", "x", "", "99999999999999999999"])
def test_practice_finds_a_level_whatever_is_asked(player, asked):
    assert player.get(f"/club/games/truck/practice?level={asked}").status_code == 200


def test_practice_can_be_played_with_twice_the_time(player):
    page = player.get("/club/games/sort/practice?level=3&calm=1").get_data(as_text=True)
    calm = json.loads(page.split("data-level>")[1].split("</script>")[0])
    usual = logs.level("sort", games.practice_seed("sort", 3))
    assert calm["parcels"][5]["at"] == usual["parcels"][5]["at"] * 2


@pytest.mark.parametrize("game", GAMES)
def test_without_a_script_a_sentence_says_so_and_boards_are_read(player, game):
    played(make_player(), game)
    for path in (f"/club/games/{game}", f"/club/games/{game}/practice"):
        page = player.get(path).get_data(as_text=True)
        assert "this browser must run JavaScript" in page.split("<noscript>")[1]
    assert "@person" in player.get(f"/club/games/{game}").get_data(as_text=True)
    assert "@person" in player.get(f"/club/games/{game}/boards").get_data(as_text=True)


def test_the_centres_people_play_too_and_stand_for_no_company(app, as_user):
    staff = as_user(make_person(staff_role="moderator"))
    row = begin(staff, "route")
    hand_in(staff, row, logs.honest("route", row.seed))
    page = staff.get("/club/games/route").get_data(as_text=True)
    assert "Board of people" in page
    assert "Board of companies" not in page


def test_a_page_costs_the_same_however_many_play(player, statements):
    begin(player, "route")
    with statements() as few:
        player.get("/club/games/route")
    for number in range(12):
        played(make_player(), "route", number)
    with statements() as many:
        player.get("/club/games/route")
    assert len(many) <= len(few) + 1
    assert len(many) <= 22
