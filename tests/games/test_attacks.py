"""What somebody who means ill tries with games, and does not get."""

import pytest

from tests.forum.making import make_member


@pytest.mark.parametrize("week", ["9999-W52", "0001-W01", "0000-W99", "%00", "2026-W60"])
def test_a_week_that_has_no_board_is_not_found(as_user, week):
    answer = as_user(make_member()).get(f"/club/games/truck/boards?week={week}")
    assert answer.status_code in (200, 404)
