"""A geocoder that went bad: it leads us nowhere, and takes neither our memory nor our time."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from portal.places import elsewhere, online

GOOD = b'[{"lat": "30.2795", "lon": "120.0138", "place_rank": 30, "display_name": "x"}]'


class _Bad(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.paths.append(self.path.partition("?")[0])
        getattr(self, self.server.way)()

    def redirect(self) -> None:
        if self.path.startswith("/inside"):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(GOOD)
            return
        self.send_response(302)
        self.send_header("Location", "/inside")
        self.end_headers()

    def flood(self) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(500):
            self.server.sent += self.wfile.write(b" " * 100_000)
        self.wfile.write(GOOD)

    def drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        while not self.server.over.wait(0.02):
            self.wfile.write(b" ")

    def log_message(self, *_words: object) -> None:
        pass


@pytest.fixture
def bad():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Bad)
    server.handle_error = lambda *_: None
    server.paths, server.sent, server.over = [], 0, threading.Event()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    online.find.cache_clear()
    online.use(f"http://127.0.0.1:{server.server_address[1]}")
    yield server
    server.over.set()
    online.use(None)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("way", ["redirect", "flood", "drip"])
def test_what_is_no_answer_is_refused(bad, monkeypatch, way):
    monkeypatch.setattr(online, "TIMEOUT_S", 0.5)
    online.use(elsewhere.url())
    bad.way = way
    began = time.monotonic()
    with pytest.raises(online.GeopyError):
        online.find("文一西路 969 号", "CN")
    assert time.monotonic() - began < 10
    assert bad.paths == ["/search"]
    assert bad.sent < 20_000_000
