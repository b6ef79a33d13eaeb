"""Start the portal as one of the rivals: with a copy of the filled database, on the given port.

The kit sets PORT and DB_URL (its own copy of its data, which we leave alone); FILLED is ours.
"""

import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LIMITS = ("sign_in", "lookup", "api", "follow", "upload")


def main() -> None:
    """Copy the database, then become the server."""
    filled, port = Path(os.environ["FILLED"]), os.environ["PORT"]
    folder = filled.parent / f"ours_{port}"
    for old in filled.parent.glob("ours_*"):
        shutil.rmtree(old)
    folder.mkdir()
    shutil.copyfile(filled, folder / "quayside.db")
    environment = {
        **os.environ,
        "SECRET_KEY": "bench",
        "DATABASE_URL": f"sqlite:///{folder / 'quayside.db'}",
        "FILES_URL": f"file:{folder / 'files'}",
        "MAIL_URL": f"file:{folder / 'mail'}",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "RATE_LIMITS": "; ".join(f"{name}=1000000/second" for name in LIMITS),
    }
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py"]
    os.chdir(ROOT)
    os.execve(sys.executable, [*command, "bench.rivals.served:app"], environment)  # noqa: S606


if __name__ == "__main__":
    main()
