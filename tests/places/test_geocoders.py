"""Geocoders of geopy: the packaged one opens no socket, the other one is asked by jobs alone."""

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from geopy.geocoders.base import Geocoder

from portal.consignments import jobs as consignment_jobs
from portal.consignments.service import locating
from portal.core import jobs
from portal.core.db import db
from portal.core.jobs import Job
from portal.places import online
from portal.places.geocoder import Gazetteer
from tests.factories import make_consignment, make_order, party, reload

ANSWER = {
    "lat": "30.2795",
    "lon": "120.0138",
    "place_rank": 30,
    "display_name": "969 号, 文一西路, 余杭区, 杭州市",
}


class Nominatim(ThreadingHTTPServer):
    """A geocoder on this machine: answers as told, keeps what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.asked: list[dict[str, list[str]]] = []
        self.answers: object = [ANSWER]
        self.status = 200

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/nominatim"


class _Answers(BaseHTTPRequestHandler):
    server: Nominatim

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.server.asked.append(parse_qs(parts.query) | {"path": [parts.path]})
        body = json.dumps(self.server.answers).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        pass


@pytest.fixture
def nominatim():
    """Run a geocoder that the portal is to ask."""
    server = Nominatim()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    online.find.cache_clear()
    online.use(server.url)
    yield server
    online.use(None)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def no_network(monkeypatch):
    """Fail where a socket is opened."""

    def refuse(*_words, **_more):
        raise AssertionError("A socket was opened.")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.usefixtures("no_network")
def test_the_gazetteer_is_a_geocoder_that_opens_no_socket():
    geocoder = Gazetteer()
    assert isinstance(geocoder, Geocoder)
    found = geocoder.geocode("浙江省杭州市萧山区市心中路")
    assert (round(found.latitude), round(found.longitude)) == (30, 120)
    assert found.raw.division_code == "330109"
    assert geocoder.geocode("Qwxyzzy") is None
    assert len(geocoder.geocode("Springfield", exactly_one=False, country="US")) > 4
    assert geocoder.geocode("Qwxyzzy", exactly_one=False) is None


@pytest.mark.usefixtures("no_network")
def test_the_gazetteer_names_the_place_at_a_point():
    geocoder = Gazetteer()
    assert geocoder.reverse((53.55, 10.0)).address.startswith("Hamburg")
    assert geocoder.reverse("53.55, 10.0", exactly_one=False)[0].raw.country == "DE"
    assert geocoder.reverse((0.0, -140.0)) is None
    with pytest.raises(RuntimeError):
        geocoder._call_geocoder("http://127.0.0.1/", lambda page: page)


@pytest.mark.usefixtures("app", "no_network")
def test_an_order_asks_nobody_where_no_geocoder_is_set():
    make_consignment()
    assert db.session.query(Job).count() == 0


def order_of_a_draw():
    there = party(address="文一西路 969 号")
    return {"consignor": there, "consignee": there}


@pytest.mark.usefixtures("app")
def test_an_order_is_looked_for_by_a_job_and_not_in_its_request(nominatim):
    no = make_consignment(**order_of_a_draw()).no
    assert nominatim.asked == []
    before = reload(no)
    assert before.consignee_confidence < 0.95
    db.session.commit()
    assert jobs.run_once() == 1
    after = reload(no)
    assert (after.consignee_lat, after.consignee_lon) == (30.2795, 120.0138)
    assert (after.consignee_confidence, after.unsure_places) == (0.95, 0)
    asked = nominatim.asked[0]
    assert asked["path"] == ["/nominatim/search"]
    assert asked["countrycodes"] == ["cn"]
    assert "文一西路 969 号" in asked["q"][0]
    assert len(nominatim.asked) == 1  # both sides have one address


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("status", "answers"),
    [
        (200, []),
        (200, [{"lat": "x", "lon": "1"}]),
        (200, [{"lat": "120.0", "lon": "30.0"}]),
        (200, [ANSWER | {"place_rank": 4}]),
        (500, []),
        (429, []),
        (200, {"error": "Unable"}),
    ],
)
def test_what_the_geocoder_cannot_answer_leaves_what_we_found(nominatim, status, answers):
    nominatim.status, nominatim.answers = status, answers
    no = make_consignment(**order_of_a_draw()).no
    before = reload(no)
    db.session.commit()
    assert jobs.run_once() == 1
    assert reload(no)._mapping == before._mapping
    assert db.session.query(Job).one().state == "done"


@pytest.mark.usefixtures("app")
def test_a_geocoder_that_is_not_there_leaves_what_we_found(nominatim):
    online.use("http://127.0.0.1:9")
    no = make_consignment(**order_of_a_draw()).no
    before = reload(no)
    db.session.commit()
    assert jobs.run_once() == 1
    assert reload(no)._mapping == before._mapping


@pytest.mark.usefixtures("app")
def test_what_people_have_said_is_not_asked_again(nominatim):
    here = party(lat=30.28, lon=120.02)
    no = make_consignment(consignor=here, consignee=here).no
    db.session.commit()
    jobs.run_once()
    assert nominatim.asked == []
    assert reload(no).consignee_lat == 30.28


@pytest.mark.usefixtures("app")
def test_who_moves_while_the_geocoder_is_asked_is_not_put_where_he_was(nominatim, monkeypatch):
    made = make_consignment(**order_of_a_draw())
    row = reload(made.no)
    place = online.find("文一西路 969 号", "CN")
    with db.session.begin_nested():
        here = {"consignee_lat": 30.1, "consignee_lon": 120.1, "consignee_confidence": 0.9}
        locating.write(row, here, on=db.session.connection())
    db.session.commit()
    consignment_jobs._keep(row, {"consignee": place})
    assert reload(made.no).consignee_lat == 30.1


def test_an_order_of_the_tests_is_complete():
    assert make_order().consignee.city == "杭州"
