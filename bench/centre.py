"""A centre to measure: its own folder, its own port, loaded with the demo to a size."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


class Centre:
    """A portal served from a folder of its own; every limit is lifted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self.environment = {
            **os.environ,
            "SECRET_KEY": "bench",
            "DATABASE_URL": f"sqlite:///{folder / 'quayside.db'}",
            "FILES_URL": f"file:{folder / 'files'}",
            "MAIL_URL": f"file:{folder / 'mail'}",
            "PUBLIC_URL": self.url,
            "PORT": str(self.port),
            "DEMO": "1",
            "RATE_LIMITS": "; ".join(
                f"{name}=1000000/second" for name in ("sign_in", "lookup", "api", "follow")
            ),
        }

    def flask(self, *arguments: str) -> str:
        """Run a command of the portal; return what it printed."""
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=True
        ).stdout

    def start(self) -> None:
        """Start serving and wait until it answers."""
        command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"]
        log = (self.folder / "server.log").open("ab")
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
        )
        for _ in range(300):
            try:
                Caller(self.port).get("/healthz")
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("The server did not start; see server.log.")

    def stop(self) -> None:
        """End the server."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(20)


class Caller:
    """One kept connection, with an API key or without."""

    def __init__(self, port: int, key: str | None = None) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.headers = {"Authorization": f"Bearer {key}"} if key else {}
        self.connection.connect()
        self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def get(self, path: str) -> bytes:
        """Make a GET request; return the body of a good answer."""
        return self._call("GET", path, None)

    def post(self, path: str, body: Any) -> Any:
        """Send JSON; return the JSON of a good answer."""
        return json.loads(self._call("POST", path, json.dumps(body)))

    def _call(self, method: str, path: str, body: str | None) -> bytes:
        headers = self.headers | ({"Content-Type": "application/json"} if body else {})
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        data = answer.read()
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status} {data[:300]!r}")
        return data
