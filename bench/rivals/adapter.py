"""What the rivals' load programs must know of our portal: addresses, headers, messages."""

import json
from datetime import datetime, timezone

SENDER, OWNER = "bench-staff", "bench-token-1"
JSON = [("Authorization", "Bearer " + SENDER), ("Content-Type", "application/json")]
WS_PATH, WS_KIND = "/socket.io/?EIO=4&transport=websocket", "sio"
CODES = {"at_hub": "hub_arrived", "in_transit": "hub_departed"}
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def event(no, status, note):
    """Return path, headers and body of a push."""
    at = datetime.now(timezone.utc).isoformat()  # noqa: UP017 - runs on the rivals' Python
    body = {"code": CODES[status], "place": {"text": "Wuhan DC"}, "note": note, "occurred_at": at}
    return f"/api/v1/consignments/{no}/events", JSON, body


def subscribe(no):
    """Return the frames that follow a consignment."""
    return [
        "40/live," + json.dumps({"token": SENDER}),
        "42/live,1" + json.dumps(["follow", {"topic": "consignment", "ref": number(no)}]),
    ]


def importer():
    """Return path and headers of an import."""
    headers = [("Authorization", "Bearer " + OWNER), ("Content-Type", "text/csv")]
    return "/api/v1/consignments/import", headers


def number(no):
    """Return our number of theirs, as numbering.number does; this Python lacks the portal."""
    their_id = int(no[2:])
    letters = [ALPHABET[their_id >> 5 * place & 31] for place in range(4, -1, -1)]
    body = "".join(letters).rjust(11, "0")
    total = 0
    for place, letter in enumerate(reversed(body)):
        value = ALPHABET.index(letter)
        total += sum(divmod(2 * value, 32)) if place % 2 == 0 else value
    return "QS" + body + ALPHABET[-total % 32]


TRACK_HTML, TRACK_JSON, LIST = "/track/%s", "/api/v1/track/%s", "/api/v1/consignments?limit=50%s"
