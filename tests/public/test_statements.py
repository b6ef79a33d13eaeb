"""What public pages cost: statements are counted, and files are weighed as a browser gets them."""

import gzip
import re
from html import unescape

import pytest
from sqlalchemy import event

from portal.core.db import db as database
from tests.public.conftest import HOST, Reader

#: path → the most statements, once what is kept in memory is warm
BUDGET = {
    "/": 12,
    "/about": 6,
    "/about/commitments": 10,
    "/about/people": 6,
    "/services": 4,
    "/services/cold": 4,
    "/process": 4,
    "/news": 4,
    "/news/open-day": 4,
    "/contact": 4,
    "/procurement": 4,
    "/enterprise": 4,
    "/payment": 4,
    "/links": 4,
    "/links/propose": 3,
    "/estimate": 4,
    "/estimate/calculators": 4,
    "/messages": 6,
    "/messages/new": 3,
    "/messages/call-me": 5,
    "/apply": 3,
    "/learn": 10,
    "/track": 3,
    "/sitemap.xml": 5,
    "/news.xml": 3,
}
MOST_TEXT = 120_000  # bytes of packed text that every page loads, with its own HTML
ASSET = re.compile(r'(?:href|src)="(/static/[^"]+)"')


@pytest.fixture
def counted(centre):
    """Return the statements of the demo centre, as they happen."""
    seen = []

    def note(_connection, _cursor, statement, *_more):
        seen.append(statement)

    with centre.app_context():
        engine = database.engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("path", sorted(BUDGET))
def test_a_public_page_takes_few_statements(centre, counted, path):
    for _ in range(2):
        counted.clear()
        asked = f"{path}?counted=1"  # no kept answer
        with Reader(centre).get(asked) as reply:
            assert reply.status_code == 200
    assert len(counted) <= BUDGET[path], counted


def test_home_that_is_kept_takes_two(centre, counted):
    visitor = Reader(centre)
    visitor.get("/")
    counted.clear()
    visitor.get("/")
    assert len(counted) == 2


def test_every_page_of_the_sitemap_is_small_to_fetch(centre, listed):
    takes = {"Accept-Encoding": "gzip"}
    sizes = {}
    for path in listed:
        html = Reader(centre).get(path).data
        assets = {unescape(each) for each in ASSET.findall(html.decode())}
        total = len(html)
        for asset in assets:
            with Reader(centre).get(asset.removeprefix(HOST), headers=takes) as reply:
                assert reply.status_code == 200, asset
                total += len(reply.data)
        sizes[path] = total
    heavy = {path: size for path, size in sizes.items() if size > MOST_TEXT}
    assert heavy == {}


def test_styles_of_every_page_are_few_bytes(centre):
    names = ("tokens", "base", "components", "pages")
    total = 0
    for name in names:
        with Reader(centre).get(
            f"/static/css/{name}.css", headers={"Accept-Encoding": "gzip"}
        ) as reply:
            total += len(gzip.decompress(reply.data)) and len(reply.data)
    assert total < 30_000
