"""Static files: text is packed for who takes it, never what is a person's, and kept by name."""

import gzip

import pytest

from portal.core import look
from tests.factories import make_colleague

NAMES = ("css/components.css", "js/map-base.mjs", "img/sprite.svg", "map/names.json")
TAKES = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture
def fetch(browser):
    """``fetch(path, headers)`` returns an answer read to its end."""

    def get(path, headers=None):
        with browser.get(path, headers=headers) as reply:
            assert reply.data is not None
            return reply

    return get


@pytest.mark.parametrize("name", NAMES)
def test_text_comes_packed_and_is_the_same(fetch, name):
    packed = fetch(f"/static/{name}", TAKES)
    plain = fetch(f"/static/{name}")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data == (look.STATIC / name).read_bytes()
    assert len(packed.data) < len(plain.data) * 0.6
    assert packed.headers["Content-Length"] == str(len(packed.data))
    for reply in (packed, plain):
        assert "Accept-Encoding" in reply.headers["Vary"]


@pytest.mark.parametrize("takes", ["", "br", "identity", "gzip;q=0"])
def test_who_does_not_take_it_gets_it_plain(fetch, takes):
    reply = fetch(f"/static/{NAMES[0]}", {"Accept-Encoding": takes})
    assert "Content-Encoding" not in reply.headers
    assert reply.data == (look.STATIC / NAMES[0]).read_bytes()


def test_what_is_kept_is_asked_for_only_if_it_changed(fetch):
    first = fetch(f"/static/{NAMES[0]}", TAKES)
    again = {**TAKES, "If-None-Match": first.headers["ETag"]}
    assert fetch(f"/static/{NAMES[0]}", again).status_code == 304


def test_a_part_of_a_file_is_not_packed(fetch):
    reply = fetch(f"/static/{NAMES[0]}", {**TAKES, "Range": "bytes=0-99"})
    assert reply.status_code == 206
    assert reply.data == (look.STATIC / NAMES[0]).read_bytes()[:100]


def test_a_file_named_by_its_content_is_kept_for_ever_and_no_other(fetch):
    right = f"/static/{NAMES[0]}?v={look.version(NAMES[0])}"
    assert "immutable" in fetch(right).headers["Cache-Control"]
    for other in (f"/static/{NAMES[0]}", f"/static/{NAMES[0]}?v=0"):
        assert fetch(other).headers["Cache-Control"] == "no-cache"


def test_pages_are_never_packed(app, as_user):
    owner = as_user(make_colleague())
    for path in ("/", "/portal", "/login", "/api/v1/openapi.json"):
        assert "Content-Encoding" not in owner.get(path, headers=TAKES).headers
    assert owner.get("/static/none.css", headers=TAKES).status_code == 404
