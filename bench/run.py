"""Load programs: what a push, a look-up, a list, a fan-out and an import cost at a given size.

``python3 dev.py bench [--consignments N] [--seconds S] [--phases push,read,live,import,labels]``,
``--phases warehouse`` with a million entries of stock, ``--phases forum`` with 200 000 posts;
``--backtest`` tries the estimates on a real history instead, ``--rivals FOLDER`` measures the
portal beside other implementations of one workload (bench/rivals).
The figures depend on the machine; what can be compared are figures of one run. No test is here.
"""

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import backtest
import fan_out
import forum
import importing
import labels
import phases
import warehouse
from centre import Centre
from phases import Asker, Line
from rivals import compare

PHASES: dict[str, Callable[[Asker], Iterator[Line]]] = {
    "push": phases.pushes,
    "read": phases.readings,
    "live": fan_out.lines,
    "import": importing.lines,
    "labels": labels.lines,
    "warehouse": warehouse.lines,
    "forum": forum.lines,
}
#: What is measured unless something is named: filling a warehouse or a forum takes a minute.
USUAL = [name for name in PHASES if name not in ("warehouse", "forum")]
KINDS = (("staff", "dispatcher@quayside.example"), ("owner", "owner@huadong-home.example"))


def measure(centre: Centre, asked: argparse.Namespace) -> Iterator[str]:
    """Measure every phase; give the lines of the report as they are found."""
    keys = {kind: centre.flask("apikey", "create", email).split()[-1] for kind, email in KINDS}
    ask = Asker(centre, keys["staff"], keys["owner"], asked.seconds)
    yield f"worker memory before the first request {centre.memory_mb():.0f} MB\n"
    yield "| | per second | processor µs each | p50 ms | p99 ms |\n|---|---:|---:|---:|---:|"
    for name in asked.phases.split(","):
        yield from map(str, PHASES[name](ask))
    yield f"\nworker memory at the end {centre.memory_mb():.0f} MB"
    yield f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"


def main() -> None:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--consignments", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--phases", default=",".join(USUAL))
    parser.add_argument("--backtest", action="store_true", help="try the estimates instead")
    parser.add_argument("--rivals", type=Path, help="folder of the rivals' kit")
    parser.add_argument("--peers", default=compare.PEERS, help="with --rivals")
    parser.add_argument("--rounds", type=int, default=5, help="with --rivals")
    asked = parser.parse_args()
    if asked.backtest:
        backtest.main([])
    elif asked.rivals and (asked.rivals / "load" / "bench.py").is_file():
        beside_rivals(asked)
    else:
        alone(asked)


def beside_rivals(asked: argparse.Namespace) -> None:
    """Print the table of the portal and its rivals, measured in turns."""
    chosen = asked.phases if asked.phases != ",".join(USUAL) else compare.PHASES
    kit = asked.rivals.resolve()
    for line in compare.compare(kit, peers=asked.peers, phases=chosen, rounds=asked.rounds):
        print(line, flush=True)


def alone(asked: argparse.Namespace) -> None:
    """Make a centre, load it and print the table."""
    with tempfile.TemporaryDirectory(prefix="quayside-bench-") as folder:
        centre = Centre(Path(folder))
        centre.flask("db", "upgrade")
        took, peak = centre.peak_of("demo", "load", "--consignments", str(asked.consignments))
        print(f"{asked.consignments:,} consignments, SQLite synchronous=FULL, one process")
        print(f"demo load {took:.0f} s, peak {peak:.0f} MB")
        centre.start()
        try:
            for line in measure(centre, asked):
                print(line, flush=True)
        finally:
            centre.stop()


if __name__ == "__main__":
    main()
