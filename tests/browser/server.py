"""A real server for browser tests: gunicorn, SQLite, the demo centre; it can be killed."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[2]
STARTS_WITHIN_S = 30


def free_port() -> int:
    """Return a port of this machine that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A centre in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self.environment = {
            **os.environ,
            "SECRET_KEY": "browser tests",
            "DATABASE_URL": f"sqlite:///{folder / 'quayside.db'}",
            "FILES_URL": f"file:{folder / 'files'}",
            "MAIL_URL": f"file:{folder / 'mail'}",
            "PUBLIC_URL": self.url,
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "DEMO": "1",
            "PASSWORD_HASH_COST": "test",
            "RATE_LIMITS": "sign_in=1000/minute; lookup=1000/minute; application=1000/hour",
        }

    def set_up(self, consignments: int) -> None:
        """Make the database and load the demo centre."""
        self.flask("db", "upgrade")
        self.flask("demo", "load", "--consignments", str(consignments))

    def flask(self, *arguments: str) -> str:
        """Run a command of the portal; return what it printed."""
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self) -> None:
        """Start serving; return once it answers."""
        command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"]
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + STARTS_WITHIN_S
        while not self._answers():
            assert time.monotonic() < deadline, (self.folder / "server.log").read_text()[-3000:]
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except OSError:
            return False

    def kill(self) -> None:
        """Kill every process of the server at once, as a power cut would."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        """Ask the server to end."""
        self._signal(signal.SIGTERM)

    def _signal(self, number: int) -> None:
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, number)
            self.process.wait(20)
