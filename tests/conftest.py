"""Fixtures every test may use. Nothing here knows a feature's rules.

Each test has a database of its own that really commits: a copy of one that the migrations made
(SQLite), or an emptied one (PostgreSQL, for tests marked ``both_databases``).
"""

import gc
import shutil
from collections.abc import Iterator
from contextvars import Context
from functools import partial
from io import BufferedRandom
from pathlib import Path
from typing import Any

import pytest
from flask_migrate import upgrade
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import event

from config import Config
from portal import create_app
from portal.core.db import Base
from portal.core.db import db as database
from portal.live import sockets
from tests import postgresql
from tests.factories import PASSWORD, serial
from workers import relay


def settings(folder: Path, url: str, **changes: Any) -> Config:
    """Return settings for tests, everything they write below ``folder``."""
    values: dict[str, Any] = {
        "SECRET_KEY": "test",
        "INSTANCE": folder,
        "DATABASE_URL": url,
        "FILES_URL": f"file:{folder / 'files'}",
        "MAIL_URL": f"file:{folder / 'mail'}",
        "PUBLIC_URL": "http://localhost",
        "DEFAULT_LOCALE": "en",
        "PASSWORD_HASH_COST": "test",
        "RATE_LIMITS": {},
        "EMBEDDED_WORKERS": False,
        "TESTING": True,
    }
    return Config(**(values | changes))


@pytest.fixture(scope="session")
def template(tmp_path_factory) -> Path:
    """Return an empty database that the migrations have made."""
    folder = tmp_path_factory.mktemp("template")
    path = folder / "template.db"
    app = create_app(settings(folder, f"sqlite:///{path}"))
    with app.app_context():
        upgrade()
        database.session.remove()
        database.engine.dispose()
    return path


@pytest.fixture(scope="session")
def sqlite_app(tmp_path_factory):
    """Return the application on SQLite."""
    folder = tmp_path_factory.mktemp("sqlite")
    app = create_app(settings(folder, f"sqlite:///{folder / 'test.db'}"))
    with app.app_context():
        event.listen(database.engine, "do_connect", partial(_connect_to_test_database, app))
    return app


def _connect_to_test_database(app, _dialect, _record, arguments, _more) -> None:
    """Open the file of the running test: each has one of its own."""
    arguments[0] = app.extensions["test database"]


@pytest.fixture(scope="session")
def postgresql_app(tmp_path_factory):
    """Return the application on a real PostgreSQL server of this session's own."""
    folder = tmp_path_factory.mktemp("postgresql")
    with postgresql.server() as url:
        app = create_app(settings(folder, url))
        with app.app_context():
            upgrade()
        yield app
        with app.app_context():
            database.session.remove()
            database.engine.dispose()


@pytest.fixture
def app(request):
    """Return the application: on SQLite, or as ``both_databases`` asks."""
    kind = getattr(request, "param", "sqlite")
    return request.getfixturevalue(f"{kind}_app")


def pytest_generate_tests(metafunc) -> None:
    """Run tests marked ``both_databases`` on SQLite and on PostgreSQL."""
    if metafunc.definition.get_closest_marker("both_databases") and "app" in metafunc.fixturenames:
        metafunc.parametrize("app", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(autouse=True)
def db(request) -> Iterator[Any]:
    """Give the test a database of its own and an application context."""
    if "app" not in request.fixturenames:
        yield None
        return
    app = request.getfixturevalue("app")
    _fresh(app, request)
    sockets.followers.position = None
    sockets.followers.clients.clear()
    with app.app_context():
        yield database
        database.session.remove()


def _fresh(app, request) -> None:
    app.extensions["kept answers"].clear()
    with app.app_context():
        database.session.remove()
        if database.engine.dialect.name == "postgresql":
            with database.engine.begin() as connection:
                postgresql.empty(connection, list(Base.metadata.tables))
            return
        database.engine.dispose()
        files = app.config["INSTANCE"] / "databases"
        files.mkdir(exist_ok=True)
        for old in files.iterdir():  # what still has it open keeps it
            old.unlink()
        path = files / f"{next(serial)}.db"
        shutil.copyfile(request.getfixturevalue("template"), path)
        database.engine.url = database.engine.url.set(database=str(path))
        app.extensions["test database"] = str(path)


def _close_sent(reply: Any) -> None:
    """Close the file in which the client kept a large form that it sent."""
    sent = reply.request.environ["wsgi.input"]
    if isinstance(sent, BufferedRandom):
        sent.close()


class Browser:
    """A test client whose requests start without any of the test's Flask context.

    Flask reuses an open application context, and with it ``g`` and the current user that
    Flask-Login keeps there.
    """

    def __init__(self, app: Any) -> None:
        self.app = app
        self.client = app.test_client()

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Make a request as a browser would, without the test's own session."""
        database.session.remove()
        reply = Context().run(self.client.open, *args, **kwargs)
        database.session.remove()
        _close_sent(reply)
        return reply

    def get(self, path: str, **kwargs: Any) -> Any:
        """Make a GET request."""
        return self.open(path, method="GET", **kwargs)

    def post(self, path: str, data: Any = None, **kwargs: Any) -> Any:
        """Send a form with the token that the page would carry, or JSON to the API."""
        if "json" in kwargs or path.startswith("/api/"):
            return self.open(path, method="POST", data=data, **kwargs)
        return self.open(path, method="POST", data={**(data or {}), **self._token()}, **kwargs)

    def _token(self) -> dict[str, str]:
        with self.client.session_transaction() as session:
            raw = session.setdefault("csrf_token", "0" * 40)
        signer = URLSafeTimedSerializer(self.app.secret_key, salt="wtf-csrf-token")
        return {"csrf_token": signer.dumps(raw)}

    def sign_in(self, email: str, password: str = PASSWORD) -> "Browser":
        """Sign in by the form."""
        reply = self.post("/login", {"email": email, "password": password})
        assert reply.status_code == 302, reply.text
        return self


class Program:
    """A program with an API key."""

    def __init__(self, app: Any, key: str) -> None:
        self.browser = Browser(app)
        self.headers = {"Authorization": f"Bearer {key}"}

    def get(self, path: str, **kwargs: Any) -> Any:
        """Make a GET request with the key."""
        return self.browser.open(path, method="GET", headers=self.headers, **kwargs)

    def post(self, path: str, json: Any = None, headers: Any = None, **kwargs: Any) -> Any:
        """Send JSON with the key."""
        sent = {**self.headers, **(headers or {})}
        return self.browser.open(path, method="POST", json=json, headers=sent, **kwargs)

    def patch(self, path: str, json: Any = None, **kwargs: Any) -> Any:
        """Send a change with the key."""
        return self.browser.open(path, method="PATCH", json=json, headers=self.headers, **kwargs)

    def delete(self, path: str, **kwargs: Any) -> Any:
        """Delete with the key."""
        return self.browser.open(path, method="DELETE", headers=self.headers, **kwargs)


class LivePage:
    """The Socket.IO connection of a browser or a program."""

    def __init__(self, app: Any, client: Any = None, auth: Any = None) -> None:
        database.session.remove()
        self.socket = Context().run(
            sockets.socketio.test_client,
            app,
            namespace="/live",
            flask_test_client=client,
            auth=auth,
        )

    def ask(self, name: str, message: Any) -> Any:
        """Send a message and return the server's acknowledgement."""
        database.session.remove()
        return Context().run(self.socket.emit, name, message, namespace="/live", callback=True)

    def received(self) -> list[dict[str, Any]]:
        """Return the events heard since the last call, in order."""
        heard = self.socket.get_received("/live")
        return [each["args"][0] for each in heard if each["name"] == "event"]

    @property
    def is_open(self) -> bool:
        """Whether the server has not cut it."""
        return bool(self.socket.is_connected("/live"))


@pytest.fixture
def browser(app):
    """Return a browser in which nobody is signed in."""
    return Browser(app)


@pytest.fixture
def as_user(app):
    """``as_user(person)`` returns a browser in which that person is signed in."""
    return lambda person: Browser(app).sign_in(person.email)


@pytest.fixture
def with_key(app):
    """``with_key(key)`` returns a program that uses that API key."""
    return lambda key: Program(app, key)


@pytest.fixture
def live(app):
    """``live(browser)`` or ``live(key=…)`` opens a socket of a browser, a program, a visitor."""

    def connect(browser: Browser | None = None, key: str | None = None) -> LivePage:
        auth = {"api_key": key} if key else None
        return LivePage(app, browser.client if browser else None, auth)

    return connect


@pytest.fixture
def relayed(app):
    """``relayed()`` lets the relay run and the sockets hear what is new."""
    return relay.run_once


def pytest_configure(config) -> None:
    """Name the marks of this suite."""
    config.addinivalue_line("markers", "both_databases: runs on SQLite and on PostgreSQL")


def pytest_collection_finish() -> None:
    """Let the collector leave alone what stays until the end: modules, and thousands of tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
