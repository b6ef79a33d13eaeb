#!/usr/bin/env python3
"""Set-up and daily commands: ``python3 dev.py run | test | check | bench | format | setup | lock``.

Standard library only, so that a fresh clone needs nothing but Python. What has been done is
remembered by a hash of what it was made from: a second start does nothing twice.
"""

import argparse
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from toolchain.install import DEVELOPMENT, find_chromium, set_up
from toolchain.serve import address, refuse_busy, serve
from toolchain.steps import PYTHON, ROOT, TOOLS, Failed, call, environment, with_seconds

#: For the whole suite: browsers and servers wait more than they reckon. A chosen test runs alone.
PARALLEL = ("-n", "3", "--dist", "loadfile")


def run(_: argparse.Namespace) -> int:
    """Set up, migrate, load the demo on a first start, and serve."""
    refuse_busy(*address())
    set_up()
    serve()
    return 0


def test(options: argparse.Namespace) -> int:
    """Run the tests; pytest's own closing line is the last one printed."""
    set_up(DEVELOPMENT)
    chromium = find_chromium()
    words = list(options.rest) or list(PARALLEL)
    if chromium is None:
        print("Browser tests are not run: there is no Chromium, and none could be installed.")
        print("Install one, or name its program: CHROMIUM=/path/to/chromium python3 dev.py test")
        if os.environ.get("CI") == "true":
            return 1
        words.append("--ignore=tests/browser")
    env = environment(CHROMIUM=chromium or "")
    return started(PYTHON, "-m", "pytest", *words, env=env)


def started(*command: str | Path, env: dict[str, str] | None = None) -> int:
    """Run ``command`` with our own input and output and return its exit code."""
    sys.stdout.flush()
    return subprocess.run(command, cwd=ROOT, env=env or environment()).returncode


def check(options: argparse.Namespace) -> int:
    """Run every check, tell of each, then the tests; anything amiss makes it fail."""
    set_up(DEVELOPMENT)
    offline = environment(SECRET_KEY=secrets.token_hex(), TESTING="1")
    checks: dict[str, Sequence[str | Path]] = {
        "format": (TOOLS / "ruff", "format", "--check", "."),
        "lint": (TOOLS / "ruff", "check", "."),
        "types": (TOOLS / "mypy",),
        "imports": (TOOLS / "lint-imports",),
        "templates": (TOOLS / "djlint", "--lint", "--quiet", "templates"),
        "texts": (PYTHON, "-m", "flask", "--app", "wsgi", "i18n", "check"),
    }
    failed = [name for name, command in checks.items() if not passes(name, command, offline)]
    if failed:
        print(f"Failed: {', '.join(failed)}", flush=True)
    tests = 0 if options.no_tests else test(options)
    return tests or int(bool(failed))


def passes(name: str, command: Sequence[str | Path], env: dict[str, str]) -> bool:
    """Run one check; show its output only when it fails."""
    try:
        with_seconds(name, partial(call, *command, env=env))
    except Failed as fault:
        print(fault, flush=True)
        return False
    return True


def bench(options: argparse.Namespace) -> int:
    """Run the load and scale programs."""
    set_up(DEVELOPMENT)
    return started(PYTHON, "bench/run.py", *options.rest)


def tidy(_: argparse.Namespace) -> int:
    """Format the Python files and repair what the linter can."""
    set_up(DEVELOPMENT)
    return started(TOOLS / "ruff", "format") or started(TOOLS / "ruff", "check", "--fix")


def setup(_: argparse.Namespace) -> int:
    """Install everything that the other commands need."""
    set_up(DEVELOPMENT)
    print(f"  Chromium for the browser tests: {find_chromium() or 'none'}")
    return 0


def lock(_: argparse.Namespace) -> int:
    """Choose the newest allowed versions anew and write the lock files."""
    set_up(DEVELOPMENT)
    how = ("--upgrade", "--universal", "--generate-hashes", "--python-version", "3.11")
    plain = ("--no-emit-index-url", "--no-header", "--quiet")
    for name in ("requirements", "requirements-dev"):
        files = (f"{name}.in", "-o", f"{name}.txt")
        with_seconds(name, partial(call, TOOLS / "uv", "pip", "compile", *how, *plain, *files))
    with_seconds("npm", partial(call, TOOLS / "npm", "update", "--package-lock-only"))
    return 0


COMMANDS: dict[str, tuple[Callable[[argparse.Namespace], int], str]] = {
    "run": (run, "set up and serve on http://127.0.0.1:8000 (HOST, PORT)"),
    "test": (test, "run the tests; more words go to pytest"),
    "check": (check, "format, lint, types, imports, templates, texts, then the tests"),
    "bench": (bench, "run the load and scale programs; more words go to bench/run.py"),
    "format": (tidy, "format the code"),
    "setup": (setup, "install what all commands need"),
    "lock": (lock, "renew requirements.txt, requirements-dev.txt and package-lock.json"),
}
PASSED_ON = {"test", "check", "bench"}  # commands whose further words belong to another program


def parsed(words: Sequence[str]) -> argparse.Namespace:
    """Return the command that ``words`` name, and in ``rest`` what it passes on."""
    about = "Quayside's set-up and daily commands."
    parser = argparse.ArgumentParser(prog="dev.py", description=about)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (_, text) in COMMANDS.items():
        command = commands.add_parser(name, help=text, add_help=name not in PASSED_ON)
        if name == "check":
            command.add_argument("--no-tests", action="store_true")
    options, rest = parser.parse_known_args(words)
    options.rest = rest
    if rest and options.command not in PASSED_ON:
        parser.error(f"{options.command} does not know {' '.join(rest)}")
    return options


def main(words: Sequence[str]) -> int:
    """Run the command that ``words`` name and return its exit code."""
    options = parsed(words)
    try:
        return COMMANDS[options.command][0](options)
    except Failed as fault:
        print(f"\n{fault}", file=sys.stderr)
    except KeyboardInterrupt:
        print()
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
