"""The demo centre as visitors, members and staff meet it: loaded once, only read."""

import re
import shutil
from contextvars import Context
from html import unescape
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import pytest
from sqlalchemy import select

from portal import create_app
from portal.accounts.models import Company, Person
from portal.consignments.models import Consignment, Piece
from portal.core import clock, scope
from portal.core.db import db as database
from portal.demo.load import load
from tests.conftest import Browser, settings

LANGUAGES = ("zh-Hans", "zh-Hant", "en")
OF_LOOKS = {"lang", "theme", "density"}
LINK = re.compile(r'\s(?:href|src|action)="([^"]*)"')
METHOD_POST = re.compile(r'<form[^>]*method="post"[^>]*>', re.I)
HOST = "http://localhost"
MOST_PAGES = 600


class Reader(Browser):
    """A browser of the demo centre, outside of any test's application context."""

    def open(self, *args, **kwargs):
        """Make a request as a browser would."""
        return Context().run(self.client.open, *args, **kwargs)


@pytest.fixture(scope="session")
def centre(tmp_path_factory, template):
    """Return the application of a demo centre of some consignments."""
    folder = tmp_path_factory.mktemp("centre")
    shutil.copyfile(template, folder / "centre.db")
    app = create_app(settings(folder, f"sqlite:///{folder / 'centre.db'}"))
    with app.app_context():
        load(80, seed=5, now=clock.now(), warehouses=False)
        database.session.remove()
    yield app
    with app.app_context():
        database.session.remove()
        database.engine.dispose()


@pytest.fixture
def visitor(centre):
    """Return a browser of somebody whom nobody has seen before."""
    return Reader(centre)


@pytest.fixture
def signed_in(centre):
    """``signed_in(email)`` returns a browser of one of the demo's people."""
    return lambda email: Reader(centre).sign_in(email)


@pytest.fixture(scope="session")
def business(centre):
    """Return what members entrusted to the centre: words that no visitor may ever read."""
    with centre.app_context():
        rows = database.session.execute(
            select(Consignment.__table__).execution_options(**scope.CENTRE)
        ).all()
        sscc = database.session.scalars(
            select(Piece.__table__.c.sscc).limit(50).execution_options(**scope.CENTRE)
        ).all()
        companies = database.session.execute(
            select(Company.name, Company.ref, Company.name_en)
        ).all()
        members = database.session.scalars(select(Person.email).where(Person.staff_role.is_(None)))
        found = SimpleNamespace(
            consignment=rows[0],
            company=companies[0],
            words={name for row in companies for name in row if name}
            | {row.consignee_phone for row in rows}
            | {row.consignee_address for row in rows if len(row.consignee_address) > 6}
            | {row.order_ref for row in rows if row.order_ref}
            | set(sscc)
            | set(members),
        )
        database.session.remove()
        return found


def links_in(page: str, path: str) -> set[str]:
    """Return the addresses within this site that a page leads to, without choices of looks."""
    found = set()
    for href in LINK.findall(METHOD_POST.sub("", page)):
        at = urlsplit(urljoin(HOST + path, unescape(href)))
        if f"{at.scheme}://{at.netloc}" == HOST:
            asked = [(name, value) for name, value in parse_qsl(at.query) if name not in OF_LOOKS]
            found.add(at.path + (f"?{urlencode(asked)}" if asked else ""))
    return found


def crawl(browser, start: str = "/") -> dict[str, SimpleNamespace]:
    """Return path → (status, text, kind, cookies, found on) of all that can be reached."""
    seen, waiting = {}, {start: ""}
    while waiting:
        path, source = waiting.popitem()
        with browser.get(path) as reply:
            is_page = reply.mimetype == "text/html"
            seen[path] = SimpleNamespace(
                status=reply.status_code,
                text=reply.text if is_page or "xml" in reply.mimetype else "",
                headers=reply.headers,
                kind=reply.mimetype,
                source=source,
            )
        if is_page and reply.status_code == 200:
            new = links_in(reply.text, path) - seen.keys()
            waiting.update({each: path for each in new if each not in waiting})
        if moved := reply.headers.get("Location"):
            at = urlsplit(urljoin(HOST + path, moved))
            if f"{at.scheme}://{at.netloc}" == HOST and at.path not in seen:
                waiting.setdefault(at.path + (f"?{at.query}" if at.query else ""), path)
        assert len(seen) < MOST_PAGES, f"There is no end of addresses: {path} from {source}"
    return seen


@pytest.fixture(scope="session")
def reached(centre):
    """Return all that a visitor reaches from the home page, in English."""
    browser = Reader(centre)
    browser.client.set_cookie("lang", "en")
    return crawl(browser)


@pytest.fixture(scope="session")
def listed(centre):
    """Return the paths of the sitemap."""
    with Reader(centre).get("/sitemap.xml") as reply:
        return [urlsplit(loc).path for loc in re.findall("<loc>([^<]*)</loc>", reply.text)]
