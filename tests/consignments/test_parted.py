"""Pieces that go different ways: the map and its table show that of the least advanced one."""

import html
import json
import re
from types import SimpleNamespace

import pytest

from portal.consignments.queries.one import pieces_of
from portal.consignments.rules.parted import parted
from portal.core.db import transaction
from portal.tracking import service as links
from tests.factories import (
    make_colleague,
    make_consignment,
    make_dispatcher,
    make_order,
    party,
    push,
    reload,
    user_of,
)

SUZHOU = {"city": "苏州", "address": "星湖街 1 号", "postcode": "215000"}


def event(code, piece=None):
    return SimpleNamespace(code=code, piece_id=piece)


def ways(status, count, *events):
    """Return the codes of the way that counts, and those of each other one with its number."""
    consignment = SimpleNamespace(status=status, piece_count=count)
    found = parted(consignment, [event(*each) for each in events])
    return [e.code for e in found.main], [([e.code for e in way], n) for way, n in found.others]


def test_pieces_that_go_together_have_one_way():
    assert ways("hub_arrived", 3, ("picked_up",), ("hub_arrived",)) == (
        ["picked_up", "hub_arrived"],
        [],
    )


def test_the_way_is_that_of_the_piece_that_has_come_least_far():
    main, others = ways(
        "hub_arrived", 2, ("picked_up",), ("hub_arrived", 1), ("dest_city", 2), ("delivered", 2)
    )
    assert main == ["picked_up", "hub_arrived"]
    assert others == [(["picked_up", "dest_city", "delivered"], 1)]


def test_pieces_that_nobody_has_scanned_alone_are_counted_together():
    main, others = ways("picked_up", 5, ("picked_up",), ("hub_arrived", 1))
    assert main == ["picked_up"]
    assert others == [(["picked_up", "hub_arrived"], 1)]
    main, others = ways("lost", 5, ("picked_up",), ("hub_arrived",), ("lost", 1))
    assert main == ["picked_up", "hub_arrived", "lost"]
    assert others == [(["picked_up", "hub_arrived"], 4)]


@pytest.fixture
def no(company):
    """Return two pieces to Suzhou: one waits in Nanjing, the other came by Shanghai."""
    unit = make_order().pieces[0]
    no = make_consignment(company, consignee=party(**SUZHOU), pieces=[unit, unit]).no
    slow, quick = (piece.sscc for piece in pieces_of(reload(no)))
    push(no, "picked_up")
    push(no, "hub_arrived", sscc=quick, place="上海")
    push(no, "hub_arrived", sscc=slow, place="南京")
    push(no, "dest_city", sscc=quick, place="苏州")
    return no


def table(page):
    """Return (part, words) of each row of the table beside the map."""
    rows = re.findall(r'<tr data-stop="(\w+)">(.*?)</tr>', page)
    return [(kind, re.sub(r"<[^>]+>", " ", words)) for kind, words in rows]


def drawn(page):
    """Return (part, name) of each stop that the map draws."""
    stops = json.loads(html.unescape(re.search(r"data-stops='(.*?)'", page).group(1)))
    return [(stop["kind"], stop["name"]) for stop in stops]


def pages(company, as_user, browser, no):
    owner = make_colleague(company)
    with transaction():
        token = links.share(
            reload(no), label=None, precision="full", days=1, by=user_of(owner, company)
        )[1]
    yield as_user(owner).get(f"/portal/consignments/{no}").text
    yield as_user(make_dispatcher()).get(f"/desk/consignments/{no}").text
    yield browser.get(f"/s/{token}").text


def test_every_map_and_its_table_show_the_way_of_the_least_advanced_piece(
    company, as_user, browser, no
):
    for page in pages(company, as_user, browser, no):
        kinds = [kind for kind, _ in table(page)]
        assert kinds == ["origin", "now", "destination", "other"]
        now, other = table(page)[1][1], table(page)[3][1]
        assert "南京" in now
        assert "Nanjing" not in now
        assert "1 other piece " in other
        assert "苏州" in other
        assert "上海" not in str(table(page))
        assert [kind for kind, _ in drawn(page)] == kinds
        assert dict(drawn(page))["now"] == "南京"


def test_once_all_are_there_nothing_is_elsewhere(company, as_user, browser, no):
    for piece in pieces_of(reload(no)):
        push(no, "dest_city", sscc=piece.sscc)
        push(no, "out_for_delivery", sscc=piece.sscc)
        push(no, "delivered", sscc=piece.sscc)
    for page in pages(company, as_user, browser, no):
        assert [kind for kind, _ in table(page)][-1] == "arrived"


def test_a_link_to_cities_alone_tells_nothing_more_of_other_pieces(company, browser, no):
    owner = make_colleague(company)
    with transaction():
        token = links.share(
            reload(no), label=None, precision="city", days=1, by=user_of(owner, company)
        )[1]
    page = browser.get(f"/s/{token}").text
    assert "南京" not in page
    assert {kind for kind, _ in table(page)} <= {"passed", "other"}
