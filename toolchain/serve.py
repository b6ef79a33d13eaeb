"""``dev.py run``: from a set-up clone to a portal that answers."""

import os
import secrets
import socket
from functools import partial
from pathlib import Path

from config import BadSetting, Config, MissingSetting
from toolchain.steps import PYTHON, ROOT, Failed, Stamps, call, digest, environment, with_seconds

INSTANCE = Path(os.environ.get("INSTANCE") or ROOT / "instance").resolve()
DATABASE = INSTANCE / "quayside.db"
DEMO_SIGN_INS = """\
  dispatcher   dispatcher@quayside.example
  shipper      owner@huadong-home.example   (in English: owner@nordwind.example)
  password     quayside-demo                (for every sign-in of the demo, see README.md)"""


def serve() -> None:
    """Migrate, load the demo on a first start, and become the server."""
    host, port = address()
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    url = os.environ.get("PUBLIC_URL") or f"http://{shown}:{port}"
    env = environment(SECRET_KEY=secret_key(), HOST=host, PORT=port, PUBLIC_URL=url)
    refuse_bad_settings(env)
    demo = prepare_database(env)
    welcome = [f"Quayside is at {url}   (Ctrl+C stops it)"]
    env["QUAYSIDE_WELCOME"] = "\n".join([*welcome, DEMO_SIGN_INS] if demo else welcome)
    env["DEMO"] = str(int(demo))
    os.chdir(ROOT)
    os.execve(PYTHON, [str(PYTHON), "-m", "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"], env)


def address() -> tuple[str, str]:
    """Return the host and port to serve on, as HOST and PORT say."""
    return os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"


def refuse_busy(host: str, port: str) -> None:
    """Raise Failed when ``port`` cannot be had: better said before set-up than after."""
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise Failed(f"PORT must be a number from 1 to 65535, not {port!r}.")
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, int(port)))
        except OSError as fault:
            hint = f"Choose another one: PORT={int(port) % 65535 + 1} python3 dev.py run"
            raise Failed(f"Port {port} on {host}: {fault.strerror}. {hint}") from None


def refuse_bad_settings(env: dict[str, str]) -> None:
    """Raise Failed with the sentences of Config: a traceback would bury them."""
    try:
        Config.from_env(env)
    except (BadSetting, MissingSetting) as fault:
        raise Failed(str(fault)) from None


def secret_key() -> str:
    """Return SECRET_KEY, or the random one kept in the instance folder, made when missing."""
    if given := os.environ.get("SECRET_KEY"):
        return given
    INSTANCE.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = INSTANCE / "secret.key"
    if not file.exists():
        made = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(made, "w", encoding="ascii") as out:
            out.write(secrets.token_urlsafe(48))
    return file.read_text("ascii").strip()


def prepare_database(env: dict[str, str]) -> bool:
    """Migrate the database, load the demo into an empty one, and say whether it holds the demo.

    Our own database is empty when its file is not there, and begun anew when loading was cut.
    Another one (DATABASE_URL) is migrated at every start and gets the demo only with DEMO=1.
    """
    done = Stamps(INSTANCE / "stamps.json")
    loaded = digest([], env.get("DATABASE_URL", ""))
    if env.get("DATABASE_URL"):
        with_seconds("migrations", partial(flask, env, "db", "upgrade"))
        wanted = env.get("DEMO") == "1" and done.read().get("demo") != loaded
    else:
        wanted = prepare_own(done, env)
    if wanted:
        with_seconds("demo centre", partial(flask, env | {"DEMO": "1"}, "demo", "load"))
        done.write("demo", loaded)
    return done.read().get("demo") == loaded


def prepare_own(done: Stamps, env: dict[str, str]) -> bool:
    """Migrate the SQLite database of this instance; say whether it is to get the demo."""
    if done.read().get("demo") == "begun":
        for file in INSTANCE.glob("quayside.db*"):
            file.unlink()
    empty = not DATABASE.exists()
    wanted = empty and env.get("DEMO") != "0"
    if empty:
        done.write("demo", "begun" if wanted else "none")
    revisions = (ROOT / "migrations" / "versions").glob("*.py")
    done.step("migrations", digest(revisions), partial(flask, env, "db", "upgrade"), DATABASE)
    return wanted


def flask(env: dict[str, str], *words: str) -> None:
    """Run one of the portal's own commands."""
    call(PYTHON, "-m", "flask", "--app", "wsgi", *words, env=env)
