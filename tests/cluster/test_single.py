"""One process on SQLite: killed under load, it comes again and nobody has missed anything."""

import pytest

from tests.cluster.centre import Centre, Database, running
from tests.cluster.crowd import Crowd
from tests.cluster.heard import all_heard_all
from tests.cluster.load import Pushers

SOCKETS = 200
pytestmark = pytest.mark.timeout(120)


def test_200_sockets_hear_everything_once_though_the_one_process_is_killed(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'quayside.db'}")
    centre = Centre(tmp_path, database)
    web = centre.web("web")
    with running(web), Crowd(centre.followers(SOCKETS, [web.port])) as crowd:
        crowd.wait_until_there()
        with Pushers(centre.known.scanner, [web.port], centre.known.nos) as pushers:
            for _ in range(2):
                pushers.wait_for(60)
                web.kill()
                web.start()
                web.wait_until_up()
            pushers.wait_for(60)
        crowd.wait_until_there()
        all_heard_all(centre, crowd, pushers)
        assert all(each.cuts >= 2 for each in crowd.followers)
    database.engine.dispose()
