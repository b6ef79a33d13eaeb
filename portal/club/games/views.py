"""Pages of the games: what they are, playing, handing in, boards."""

from typing import Any

import orjson
from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.club.games import queries
from portal.club.games.rules import games, route_levels, sort_levels, weeks
from portal.club.games.service import rounds
from portal.club.games.shown import causes, scores, words
from portal.club.points import shown as points_shown
from portal.core import i18n, limits
from portal.core.db import end_reading, write
from portal.forum.views.blueprint import entered

bp = Blueprint("games", __name__)
ON_INDEX = 3  # places shown of each game
points_shown.provide("game", causes.way)


@bp.get("")
def index() -> str:
    """Show the three games, what they teach, and who leads."""
    user, _profile = entered()
    week = queries.this_week()
    return render_template(
        "games/index.html",
        games=games.GAMES,
        week=week,
        week_name=scores.week_name,
        first={name: queries.people_for(user, name, week, ON_INDEX) for name in games.GAMES},
        winners=queries.winners_for(user, weeks.before(week)),
        prizes=games.PRIZES,
        least=games.LEAST,
    )


@bp.get("/<game>")
def game(game: str) -> str:
    """Show one game: the level of the week, one’s own rounds, the boards, practice."""
    user, _profile = entered()
    made, week = games.get_game(game), queries.this_week()
    return render_template(
        "games/game.html",
        name=game,
        game=made,
        week=week,
        week_name=scores.week_name,
        own=queries.own_for(user, game, week),
        people=queries.people_for(user, game, week),
        teams=queries.companies_for(user, game, week),
        winners=queries.winners_for(user, weeks.before(week)).get(game, []),
        a_day=games.A_DAY,
        practice=games.PRACTICE,
        team=games.TEAM,
    )


@bp.get("/<game>/rules")
def rules(game: str) -> str:
    """Show how a game is played, how it is counted, and what of it is true of real work."""
    entered()
    return render_template(
        "games/rules.html",
        name=game,
        game=games.get_game(game),
        n=scores.NUMBERS[game],
        a_day=games.A_DAY,
        prizes=games.PRIZES,
        least=games.LEAST,
        team=games.TEAM,
        block_m=route_levels.BLOCK_M,
        calm=sort_levels.CALM,
        hours=int(games.EXPIRES.total_seconds() // 3600),
    )


@bp.post("/<game>/rounds")
def begin(game: str) -> Answer:
    """Begin a round that counts, or go on with the one that runs."""
    user, _profile = entered()
    limits.spend("game", user.person_id)
    end_reading()
    secret = current_app.config["SECRET_KEY"]
    row = write(lambda on: rounds.begin(user, game, secret, on=on))
    return redirect(url_for(".one", ref=row.ref), 303)


@bp.get("/rounds/<ref>")
def one(ref: str) -> str:
    """Play a round, or show what became of it."""
    user, _profile = entered()
    row = queries.round_for(user, ref)
    made = games.get_game(row.game)
    if row.state == "open":
        return _play(row.game, made.level(row.seed), week=row.week, row=row)
    return render_template(
        "games/result.html",
        name=row.game,
        game=made,
        row=row,
        rows=scores.rows_of(row.game, row.parts) if row.state == "scored" else [],
        not_counted=scores.NOT_COUNTED,
        own=queries.own_for(user, row.game, row.week),
    )


@bp.post("/rounds/<ref>/moves")
def hand_in(ref: str) -> Answer:
    """Hand a round in: it is counted here, from its moves, once."""
    user, _profile = entered()
    limits.spend("game", user.person_id)
    end_reading()
    sent = _sent()
    write(lambda on: rounds.hand_in(user, ref, sent, on=on))
    return redirect(url_for(".one", ref=ref), 303)


def _sent() -> Any:
    try:
        return orjson.loads(request.form.get("log", ""))
    except orjson.JSONDecodeError:
        return None


@bp.post("/rounds/<ref>/end")
def give_up(ref: str) -> Answer:
    """End a round without a score."""
    user, _profile = entered()
    end_reading()
    row = write(lambda on: rounds.give_up(user, ref, on=on))
    return redirect(url_for(".game", game=row.game), 303)


@bp.get("/<game>/practice")
def practice(game: str) -> str:
    """Play a level that counts for nothing."""
    entered()
    made = games.get_game(game)
    asked = request.args.get("level", 1, type=int)
    number = min(max(asked, 1), games.PRACTICE)
    seed = games.practice_seed(game, number)
    is_calm = game == "sort" and request.args.get("calm") == "1"
    level = sort_levels.level(seed, calm=True) if is_calm else made.level(seed)
    return _play(game, level, number=number, calm=is_calm)


def _play(name: str, level: dict[str, Any], **more: Any) -> str:
    return render_template(
        f"games/{name}.html",
        name=name,
        game=games.GAMES[name],
        level=level,
        words=words.words_of(name),
        is_chinese=i18n.tag().startswith("zh"),
        practice=games.PRACTICE,
        **{"row": None, "number": None, "week": None, "calm": False, **more},
    )


@bp.get("/<game>/boards")
def boards(game: str) -> str:
    """Show the boards of one week."""
    user, _profile = entered()
    made = games.get_game(game)
    week = request.args.get("week") or queries.this_week()
    return render_template(
        "games/boards.html",
        name=game,
        game=made,
        week=week,
        week_name=scores.week_name,
        is_over=week < queries.this_week(),
        people=queries.people_for(user, game, week, 100),
        teams=queries.companies_for(user, game, week, 100),
        winners=queries.winners_for(user, week).get(game, []),
        weeks=queries.ended_weeks(game),
        team=games.TEAM,
    )
