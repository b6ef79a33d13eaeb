"""Whatever is killed under load: each of 200 sockets hears each event once, in order, and all."""

import time
from collections import Counter

import pytest
from sqlalchemy import text

from tests.cluster.centre import Centre
from tests.cluster.crowd import Crowd
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


def all_heard_all(centre: Centre, crowd: Crowd, pushers: Pushers) -> None:
    """Assert that what every follower heard is what the database holds, once and in order."""
    centre.wait_until_relayed()
    expected = {id(each): centre.expected(each) for each in crowd.followers}
    crowd.wait(
        lambda each: not expected[id(each)] or each.position >= expected[id(each)][-1][0],
        "has heard the last event",
    )
    for follower in crowd.followers:
        heard = [(int(e["cursor"].partition(".")[2], 16), e["id"]) for e in follower.heard]
        assert heard == expected[id(follower)], (follower.topic, follower.ref, follower.cuts)
        assert follower.resets == 0
    _kept_once(centre, pushers)


def _kept_once(centre: Centre, pushers: Pushers) -> None:
    """Assert that every answered event is there, and none of a scan is there twice."""
    rows = centre.database.rows(text("SELECT id, source_event_id FROM tracking_event"))
    kept = {row.id for row in rows}
    for ids in pushers.answered.values():
        assert kept.issuperset(ids)
    scans = Counter(row.source_event_id for row in rows if row.source_event_id)
    assert [scan for scan, count in scans.items() if count > 1] == []


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
