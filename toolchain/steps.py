"""Steps that are shown with their seconds and, by their stamps, never done twice."""

import hashlib
import json
import os
import subprocess
import time
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
TOOLS = VENV / "bin"
PYTHON = TOOLS / "python"


class Failed(Exception):
    """A step could not be done; the text says what a person can do about it."""


class Stamps:
    """What has been done, by step, as a hash of what it was made from; kept in one JSON file."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def read(self) -> dict[str, str]:
        """Return all stamps by step; an unreadable file counts as none."""
        try:
            return dict(json.loads(self.file.read_text("utf-8")))
        except (OSError, ValueError):
            return {}

    def write(self, step: str, stamp: str) -> None:
        """Set the stamp of ``step``, in one move, so that a cut leaves the old file."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        draft = self.file.with_suffix(".draft")
        draft.write_text(json.dumps(self.read() | {step: stamp}, indent=1), "utf-8")
        draft.replace(self.file)

    def step(self, name: str, stamp: str, work: Callable[[], object], *made: Path) -> None:
        """Do ``work`` unless ``stamp`` is kept for ``name`` and all of ``made`` exists."""
        if self.read().get(name) == stamp and all(path.exists() for path in made):
            return
        with_seconds(name, work)
        self.write(name, stamp)


def digest(files: Iterable[Path], *words: str) -> str:
    """Return a hash of the names and contents of ``files`` and of ``words``."""
    total = hashlib.sha256()
    for file in sorted(files):
        total.update(f"{file.name}\0".encode())
        total.update(file.read_bytes() + b"\0")
    for word in words:
        total.update(f"{word}\0".encode())
    return total.hexdigest()


def with_seconds(name: str, work: Callable[[], object]) -> None:
    """Do ``work`` behind a line that names it and then gives the seconds it took."""
    print(f"  {name} ...", end="", flush=True)
    started = time.monotonic()
    try:
        work()
    except BaseException:
        print(" failed", flush=True)
        raise
    print(f" {time.monotonic() - started:.1f} s", flush=True)


def call(*command: str | Path, cwd: Path = ROOT, env: dict[str, str] | None = None) -> str:
    """Run ``command`` quietly and return what it printed; raises Failed with its output."""
    words = [str(word) for word in command]
    done = subprocess.run(
        words,
        cwd=cwd,
        env=env or environment(),
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode:
        raise Failed(f"{done.stdout.strip()}\n\nThis command failed: {' '.join(words)}")
    return done.stdout


def environment(**more: str) -> dict[str, str]:
    """Return our environment for what is started, with the virtual environment first on PATH.

    Compiled modules are always kept: without them every start takes seconds longer.
    """
    kept = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    path = f"{TOOLS}{os.pathsep}{kept.get('PATH', '')}"
    return {**kept, "PATH": path, "VIRTUAL_ENV": str(VENV), **more}
