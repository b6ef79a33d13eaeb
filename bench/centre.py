"""A centre to measure: its own folder, its own port, loaded with the demo to a size."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
from callers import Caller

ROOT = Path(__file__).parents[1]
LIMITS = ("sign_in", "lookup", "api", "follow", "upload", "post", "preview")


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
            "RATE_LIMITS": "; ".join(f"{name}=1000000/second" for name in LIMITS),
        }

    def flask(self, *arguments: str) -> str:
        """Run a command of the portal; return what it printed."""
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=True
        ).stdout

    def peak_of(self, *arguments: str) -> tuple[float, float]:
        """Run a command of the portal; return what it took in seconds, and its peak in MB."""
        began, peak = time.perf_counter(), 0.0
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
        running = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=subprocess.DEVNULL
        )
        status = Path(f"/proc/{running.pid}/status")
        while running.poll() is None:
            lines = status.read_text().splitlines() if status.exists() else []
            high = [line for line in lines if line.startswith("VmHWM")]
            peak = max([peak, *(int(line.split()[1]) / 1024 for line in high)])
            time.sleep(0.1)
        if running.returncode:
            raise RuntimeError(f"flask {' '.join(arguments)} failed.")
        return time.perf_counter() - began, peak

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

    def worker(self) -> psutil.Process:
        """Return the process that answers."""
        assert self.process is not None, "start() first"
        return psutil.Process(self.process.pid).children()[0]

    def cpu_s(self) -> float:
        """Return the processor time that answering has taken so far, in seconds."""
        times = self.worker().cpu_times()
        return float(times.user + times.system)

    def memory_mb(self) -> float:
        """Return the resident memory of the process that answers."""
        return float(self.worker().memory_info().rss) / 1e6
