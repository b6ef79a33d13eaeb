"""Whatever is killed under load: each of 200 sockets hears each event once, in order, and all."""

import time

import pytest
from sqlalchemy import text

from tests.cluster.crowd import Crowd
from tests.cluster.heard import all_heard_all
from tests.cluster.load import Pushers

SOCKETS = 200
PUSHES = 60  # answered before and after each blow
pytestmark = pytest.mark.timeout(120)


def kill(part, _cluster):
    """Kill a process and start it again, as systemd would."""
    part.kill()
    part.start()
    part.wait_until_up()


def hang_the_relay(part, cluster):
    """Let the one hang that has the turn, if one has; the other takes over within seconds."""
    part.hang()
    position = "SELECT position FROM log_head"
    before = cluster.database.rows(text(position))[0].position
    deadline = time.monotonic() + 12
    while cluster.database.rows(text(position))[0].position < before + 20:
        assert time.monotonic() < deadline, "nobody took over"
        time.sleep(0.05)
    part.go_on()


def kill_the_database(_part, cluster):
    """Kill PostgreSQL; every process has to connect again by itself."""
    cluster.database.kill()
    time.sleep(0.5)
    cluster.database.start()


BLOWS = {
    "web": ("a", kill),
    "worker": ("relay", kill),
    "other worker": ("second", kill),
    "hanging worker": ("relay", hang_the_relay),
    "valkey": ("valkey", kill),
    "postgresql": ("relay", kill_the_database),
}


@pytest.mark.parametrize("blow", BLOWS)
def test_everybody_hears_everything_once_though_it_is_killed(whole, blow):
    name, strike = BLOWS[blow]
    centre, ports = whole.centre, [whole.a.port, whole.b.port]
    with Crowd(centre.followers(SOCKETS, ports)) as crowd:
        crowd.wait_until_there()
        with Pushers(centre.known.scanner, ports, centre.known.nos) as pushers:
            pushers.wait_for(PUSHES)
            strike(getattr(whole, name), whole)
            pushers.wait_for(PUSHES)
        crowd.wait_until_there()
        all_heard_all(centre, crowd, pushers)
        if blow == "web":
            assert any(each.cuts for each in crowd.followers)
