"""The portal as the rivals' load programs ask for it: their addresses, turned into ours.

``gunicorn -c gunicorn.conf.py bench.rivals.served:app``. Nothing of the portal is left out; what
this costs is ours to bear.
"""

import csv
import io
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlencode

import gevent
import orjson

from bench.rivals.numbering import number
from portal.core.pagination import encode
from portal.live import sockets
from wsgi import app

SHEET = (
    "order_ref,consignee_name,consignee_phone,consignee_address,consignee_city,consignee_country,"
    "goods,quantity,weight_g"
).split(",")


@sockets.socketio.on("connect")
def _connected() -> None:
    """Let their client connect to the name space that it knows; ours it joins from there."""


class Contract:
    """Their paths and parameters in front of the application."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        path: str = environ["PATH_INFO"]
        if (at := path.find("/DC")) >= 0:
            ours = number(int(path[at + 3 : at + 11]))
            environ["PATH_INFO"] = path[: at + 1] + ours + path[at + 11 :]
        elif path == "/api/v1/consignments":
            environ["QUERY_STRING"] = _query(environ["QUERY_STRING"])
        elif path == "/api/v1/consignments/import":
            return self._import(environ, start)
        return self.inner(environ, start)  # type: ignore[no-any-return]

    def _import(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        """Hand the sheet in as a member would, and ask until it is done."""
        sent = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        row = self._call(environ, "/api/v1/imports/consignments", _sheet(sent))
        while row["state"] not in ("done", "failed"):
            gevent.sleep(0.05)
            row = self._call(environ, f"/api/v1/imports/{row['id']}")
        answer = orjson.dumps({"inserted": row.get("created"), "state": row["state"]})
        length = ("Content-Length", str(len(answer)))
        start("200 OK", [("Content-Type", "application/json"), length])
        return [answer]

    def _call(self, environ: dict[str, Any], path: str, body: bytes = b"") -> Any:
        asked = {
            **environ,
            "REQUEST_METHOD": "POST" if body else "GET",
            "PATH_INFO": path,
            "QUERY_STRING": "mode=good" if body else "",
            "CONTENT_TYPE": "text/csv" if body else "",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
        }
        for key in [key for key in asked if key.startswith(("werkzeug.", "flask."))]:
            del asked[key]
        said: list[str] = []
        answer = b"".join(self.inner(asked, lambda status, *_: said.append(status)))
        if not said[0].startswith("2"):
            raise RuntimeError(f"{said[0]}: {answer[:500]!r}")
        return orjson.loads(answer)


def _query(theirs: str) -> str:
    values = dict(parse_qsl(theirs))
    values.pop("x", None)
    if before := values.pop("before", None):
        values["after"] = encode((int(before), int(before)))
    if words := values.get("q"):
        values["q"] = f"Consignee {words}"
    return urlencode(values)


def _sheet(sent: bytes) -> bytes:
    """Return their sheet with what ours demands and theirs lacks: a phone and an address."""
    made = io.StringIO()
    rows = csv.writer(made)
    rows.writerow(SHEET)
    theirs = list(csv.reader(io.StringIO(sent.decode())))[1:]
    for ref, consignee, _, city, goods, pieces, weight_kg in theirs:
        grams = round(float(weight_kg) * 1000)
        where = ["+8613800138000", "1 Road", city, "CN"]
        rows.writerow([ref, consignee, *where, goods, pieces, grams])
    return made.getvalue().encode()


sockets.MOST_SOCKETS = sockets.MOST_VISITORS = 1_000_000
app.wsgi_app = Contract(app.wsgi_app)  # type: ignore[method-assign]
