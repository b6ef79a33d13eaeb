"""A visitor follows every link there is: none is dead, none leads to a member's business."""

import pytest

from portal.accounts.access import PUBLIC
from portal.site_map import AUDIENCES
from tests.public.conftest import Reader

#: Pages with a form that is guarded by a token, for which a session begins.
WITH_A_TOKEN = {"/login", "/password/reset", "/links/propose"}
SAMPLES = {
    "no": "QS00000000000",
    "ref": "HUADONG",
    "slug": "cold",
    "kind": "waybill",
    "zone": "home_hero",
    "token": "x",
    "sig": "x",
    "root": "about",
}


def test_every_link_of_every_public_page_answers(reached):
    dead = {
        path: (page.status, page.source) for path, page in reached.items() if page.status >= 400
    }
    assert dead == {}
    assert len(reached) > 60


def test_where_a_visitor_is_sent_he_arrives(reached):
    ways = {"/login", "/track"}
    for path, page in reached.items():
        if page.status in (301, 302, 303, 307, 308):
            assert page.headers["Location"], path
    assert ways <= reached.keys()


def test_reading_begins_no_session(reached):
    begun = {path for path, page in reached.items() if page.headers.get("Set-Cookie")}
    assert {path.split("?")[0] for path in begun} <= WITH_A_TOKEN


def test_no_page_that_a_visitor_reaches_holds_a_members_business(reached, business):
    told = {
        (path, word)
        for path, page in reached.items()
        for word in business.words
        if word in page.text and not path.startswith("/links")
    }
    assert told == set()


def test_every_public_page_has_one_headline_and_its_language(reached):
    for path, page in reached.items():
        if page.kind == "text/html" and page.status == 200 and "<html" in page.text:
            assert page.text.count("<h1") == 1, path
            assert '<html lang="en"' in page.text, path


def filled(rule, business) -> str:
    """Return an address of a rule with things that exist, where it names any."""
    known = SAMPLES | {"no": business.consignment.no, "ref": business.company.ref}
    values = {
        name: (rule.defaults or {}).get(name, known.get(name, "1")) for name in rule.arguments
    }
    path = rule.rule
    for name, value in values.items():
        path = path.replace(f"<{name}>", value)
    while "<" in path:  # with a converter before its name
        start, end = path.index("<"), path.index(">")
        name = path[start + 1 : end].rpartition(":")[2]
        converter = path[start + 1 : end].partition(":")[0]
        choices = converter.partition("(")[2].rstrip(")").split(", ")
        value = choices[0] if choices != [""] else "1" if "int" in converter else values[name]
        path = path[:start] + value + path[end + 1 :]
    return path


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_no_route_tells_a_visitor_a_members_business(centre, business, method):
    told, open_ways = set(), []
    for rule in centre.url_map.iter_rules():
        if method not in rule.methods or rule.endpoint == "static":
            continue
        visitor = Reader(centre)
        ask = visitor.post if method == "POST" else visitor.open
        more = {} if method == "POST" else {"method": method}
        with ask(filled(rule, business), **more) as reply:
            assert reply.status_code < 500, rule
            text = reply.get_data(as_text=True) if reply.status_code == 200 else ""
            told |= {(rule.rule, word) for word in business.words if word in text}
        audience = AUDIENCES.get(rule.endpoint.rpartition(".")[0])
        if audience is not None and audience is not PUBLIC and reply.status_code < 300:
            open_ways.append(rule.rule)
    assert told == set()
    assert open_ways == []


def test_what_is_behind_a_sign_in_leads_to_it(centre):
    for path in ("/portal", "/desk", "/account/sessions", "/portal/terms", "/desk/tariffs"):
        with Reader(centre).get(path) as reply:
            assert reply.status_code == 302
            assert "/login?next=" in reply.headers["Location"]
