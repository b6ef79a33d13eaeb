"""What followers heard, beside what the database holds."""

from collections import Counter

from sqlalchemy import text

from tests.cluster.centre import Centre
from tests.cluster.crowd import Crowd
from tests.cluster.load import Pushers


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
