"""A centre of several processes: two web processes, workers, PostgreSQL, Valkey."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
from flask_migrate import upgrade
from sqlalchemy import create_engine, text

from portal import create_app
from portal.core.db import db
from tests.cluster.crowd import Follower
from tests.cluster.parts import Valkey, Web, Worker, wait_for
from tests.conftest import settings
from tests.factories import (
    make_colleague,
    make_company,
    make_consignment,
    make_dispatcher,
    make_key,
)

CONSIGNMENTS = 20
PEOPLE = 10  # one person may open 40 sockets in a process, and all may meet in one
MISSED = text(
    "SELECT position, event_id FROM stream_entry WHERE topic = :topic AND position > :first "
    "ORDER BY position"
)


class Database:
    """PostgreSQL that can be killed and started again, or a file of SQLite."""

    def __init__(self, url: str, server: Any = None) -> None:
        self.url, self.server = url, server
        self.engine = create_engine(url, pool_pre_ping=True)

    def rows(self, statement: Any, **values: Any) -> list[Any]:
        """Return the rows of a statement."""
        with self.engine.connect() as connection:
            return list(connection.execute(statement, values))

    def kill(self) -> None:
        """Kill all of the server's processes."""
        first = psutil.Process(self.server.get_pid())
        processes = [*first.children(recursive=True), first]
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(processes, 20)

    def start(self) -> None:
        """Start it again; it brings its files in order by itself."""
        self.server.ensure_postgres_running()


class Centre:
    """The parts, and what the test knows of the data."""

    def __init__(self, folder: Path, database: Database, **changes: str) -> None:
        self.folder, self.database = folder, database
        self.environment = {
            "SECRET_KEY": "cluster",
            "INSTANCE": str(folder),
            "DATABASE_URL": database.url,
            "FILES_URL": f"file:{folder / 'files'}",
            "MAIL_URL": f"file:{folder / 'mail'}",
            "PUBLIC_URL": "http://localhost",
            "DEFAULT_LOCALE": "en",
            "PASSWORD_HASH_COST": "test",
            "RATE_LIMITS": "api=1000000/minute; follow=1000000/minute; sign_in=1000/minute",
            **changes,
        }
        self.known = _people(folder, database)

    def web(self, name: str) -> Web:
        """Return a web process; start it."""
        return Web(name, self.environment, self.folder)

    def worker(self, name: str, kind: str = "all") -> Worker:
        """Return a process of workers; start it."""
        return Worker(name, kind, self.environment, self.folder)

    def followers(self, count: int, ports: list[int]) -> list[Follower]:
        """Return followers: each fifth of all of the company's, the others of one consignment."""
        nos, keys = self.known.nos, self.known.keys
        return [
            Follower(keys[turn % PEOPLE], "company", "mine", ports)
            if turn % 5 == 0
            else Follower(keys[turn % PEOPLE], "consignment", nos[turn % len(nos)], ports)
            for turn in range(count)
        ]

    def topic_of(self, follower: Follower) -> str:
        """Return the key of the topic that a follower hears."""
        if follower.topic == "company":
            return f"company:{self.known.company_id}"
        return f"consignment:{follower.ref}"

    def expected(self, follower: Follower) -> list[tuple[int, int]]:
        """Return (position, id) of all that a follower must have heard, in order."""
        first = follower.first
        rows = self.database.rows(MISSED, topic=self.topic_of(follower), first=first)
        return [(row.position, row.event_id) for row in rows]

    def wait_until_relayed(self) -> None:
        """Return once every event has its place in the log."""
        new = text("SELECT count(*) AS new FROM event WHERE position IS NULL")
        wait_for(lambda: self.database.rows(new)[0].new == 0, lambda: "events are not relayed", 20)


def _people(folder: Path, database: Database) -> SimpleNamespace:
    """Make company, colleagues with keys, a scanner with a key, consignments."""
    app = create_app(settings(folder, database.url))
    with app.app_context():
        upgrade()
        company = make_company()
        known = SimpleNamespace(
            company_id=company.id,
            keys=[make_key(make_colleague(company), company) for _ in range(PEOPLE)],
            scanner=make_key(make_dispatcher()),
            nos=[make_consignment(company).no for _ in range(CONSIGNMENTS)],
            owner=make_colleague(company).email,
        )
        db.session.remove()
        db.engine.dispose()
    return known


@contextmanager
def running(*parts: Any) -> Iterator[None]:
    """Run the parts, all started at once; end them all."""
    try:
        for part in parts:
            part.start()
        for part in parts:
            part.wait_until_up()
        yield
    finally:
        for part in parts:
            part.go_on()
            part.kill()


def valkey_in(folder: Path) -> tuple[Valkey, dict[str, str]]:
    """Return a Valkey, and the settings of processes that use it."""
    valkey = Valkey(folder)
    return valkey, {"REDIS_URL": f"redis://127.0.0.1:{valkey.port}/0", "EMBEDDED_WORKERS": "0"}
