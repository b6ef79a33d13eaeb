"""A browser and a server for stories that people live through."""

import json
import os
import shutil
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.dispatcher import DISPATCHER, OWNER, Dispatcher
from tests.browser.server import Server
from tests.factories import PASSWORD

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: As people's browsers name themselves: what says that it is headless is counted as a program.
AGENT = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{} Safari/537.36"
)
DESKTOP = {"width": 1440, "height": 900}
KEYS = "keys.json"  # in the folder of the demo centre: written last
#: What Chromium says itself when a test cuts the network or is refused (422 and its like).
OF_THE_NETWORK = ("Failed to load resource", "WebSocket connection to")
PHONE = {"width": 360, "height": 780}


def executable(*, has_camera: bool = False) -> str:
    """Return the browser to drive: ``$CHROMIUM``, or an installed one.

    That without windows is fast, but has no camera, nor a pretended one.
    """
    installed = filter(None, map(shutil.which, ("chromium", "google-chrome")))
    given = os.environ.get("CHROMIUM")
    found = next(installed, given) if has_camera else given or next(installed, None)
    assert found, "There is no Chromium. `python3 dev.py test` installs one."
    return found


@pytest.fixture(scope="session")
def chromium():
    """Return one browser for the session."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> Path:
    """Return the folder of a demo centre that tests copy; made once for all processes of a run."""
    mine = tmp_path_factory.getbasetemp()
    folder = (mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine) / "demo-centre"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as turn:
        flock(turn, LOCK_EX)
        if not (folder / KEYS).exists():
            centre = Server(folder)
            centre.set_up(120)
            made = {
                email: centre.flask("apikey", "create", email).split()[-1]
                for email in (OWNER, DISPATCHER)
            }
            (folder / KEYS).write_text(json.dumps(made))
    return folder


@pytest.fixture(scope="module")
def server(demo, keys, tmp_path_factory):
    """Return a running demo centre of this module's own."""
    folder = tmp_path_factory.mktemp("server")
    shutil.copytree(demo, folder, dirs_exist_ok=True)
    server = Server(folder)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def keys(demo) -> dict[str, str]:
    """Return e-mail → an API key in the demo centre and every copy of it."""
    return dict(json.loads((demo / KEYS).read_text()))


@pytest.fixture(scope="module")
def dispatcher(keys, server) -> Dispatcher:
    """Return who orders and pushes by program in this module's centre."""
    return Dispatcher(server, keys)


class Window:
    """A browser window of one person; it notes what goes wrong and what leaves the host."""

    def __init__(self, chromium, server, **options) -> None:
        self.server = server
        usual = {"viewport": DESKTOP, "user_agent": AGENT.format(chromium.version)}
        self.context = chromium.new_context(**(usual | options))
        self.page = self.context.new_page()
        self.faults: list[str] = []
        self.foreign: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._heard)
        self.page.on("request", self._asked)
        self.page.on("response", self._answered)

    def _heard(self, message) -> None:
        if message.type == "error" and not message.text.startswith(OF_THE_NETWORK):
            self.faults.append(message.text)

    def _answered(self, response) -> None:
        is_part = "/static/" in response.url and response.status >= 400
        if is_part or response.status >= 500:
            self.faults.append(f"{response.status} {response.url}")

    def _asked(self, request) -> None:
        if not request.url.startswith((self.server.url, "data:", "blob:")):
            self.foreign.append(request.url)

    def speak(self, language: str | None) -> "Window":
        """Choose the language of the pages; None leaves it to person and browser."""
        if language is None:
            return self
        self.context.add_cookies([{"name": "lang", "value": language, "url": self.server.url}])
        return self

    def sign_in(self, email: str) -> "Window":
        """Sign in by the form."""
        self.go("/login")
        self.page.fill("#email", email)
        self.page.fill("#password", PASSWORD)
        self.page.press("#password", "Enter")
        self.page.wait_for_url(lambda url: "/login" not in url)
        return self

    def go(self, path: str):
        """Open a page and return it."""
        self.page.goto(self.server.url + path)
        return self.page

    def is_live(self) -> None:
        """Wait until the page says that it is live."""
        self.page.wait_for_selector('[data-lamp][data-live="on"]')

    def close(self) -> None:
        """Close the window; nothing must have gone wrong in it."""
        self.context.close()
        assert self.faults == []
        assert self.foreign == []


@pytest.fixture
def window(chromium, server):
    """``window(email=…, viewport=…)`` opens a window, signed in if an address is given."""
    opened = []

    def open_window(email: str | None = None, language: str | None = "en", **options) -> Window:
        opened.append(Window(chromium, server, **options).speak(language))
        return opened[-1].sign_in(email) if email else opened[-1]

    yield open_window
    for each in opened:
        each.close()
