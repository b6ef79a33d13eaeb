"""A centre of two web processes and two workers, used by all tests of this folder."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from tests import postgresql
from tests.cluster.centre import Centre, Database, running, valkey_in


@pytest.fixture(scope="session")
def cluster(tmp_path_factory) -> Iterator[SimpleNamespace]:
    """Return the running parts: ``a`` and ``b`` (web), ``relay``, ``second`` (workers), ``valkey``.

    All processes are started at once.
    """
    folder = tmp_path_factory.mktemp("cluster")
    with postgresql.running() as server:
        valkey, environment = valkey_in(folder)
        database = Database(postgresql.url_of(server), server)
        centre = Centre(folder, database, **environment)
        parts = SimpleNamespace(
            centre=centre,
            database=database,
            valkey=valkey,
            a=centre.web("a"),
            b=centre.web("b"),
            relay=centre.worker("relay"),
            second=centre.worker("second"),
        )
        with running(valkey, parts.a, parts.b, parts.relay, parts.second):
            yield parts
        database.engine.dispose()


@pytest.fixture
def whole(cluster) -> SimpleNamespace:
    """Return the cluster with every part up again, whatever the test before did to it."""
    for part in (cluster.valkey, cluster.a, cluster.b, cluster.relay, cluster.second):
        part.go_on()
        if part.process.poll() is not None:
            part.start()
    for part in (cluster.valkey, cluster.a, cluster.b, cluster.relay, cluster.second):
        part.wait_until_up()
    return cluster
