"""Who has won in a raffle is told so; nobody else is."""

from portal.club.daily import upkeep
from portal.club.daily.service import tickets
from portal.club.daily.service.tickets import Wish
from portal.core.db import write
from tests.daily.making import end, make_member, make_raffle


def test_the_winner_of_a_raffle_is_told(told, say, bell):
    (_, winner), (_, other) = make_member(points=50), make_member()
    ref = make_raffle()
    write(lambda on: tickets.take(winner, ref, Wish(2, 10, "w" * 32), on=on))
    told()
    assert bell(winner) == 0
    end(ref)
    upkeep.run()
    told()
    assert [text for text in say(winner) if "won in the raffle" in text]
    assert bell(winner) == 1
    assert say(other) == []
