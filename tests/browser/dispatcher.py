"""A dispatcher and an owner who work by program, so that a story has something to show."""

import json
import urllib.request
from typing import Any
from uuid import uuid4

from tests.browser.server import Server

OWNER = "owner@huadong-home.example"
DISPATCHER = "dispatcher@quayside.example"
#: What happens to a consignment on its way, in order.
WAY = ("picked_up", "hub_arrived", "hub_departed", "in_transit", "dest_city", "out_for_delivery")
PARTY = {
    "name": "Mia Muster",
    "phone": "+8613800006021",
    "address": "998 Wenyi Road",
    "city": "Hangzhou",
    "country": "CN",
    "postcode": "311121",
}


class Dispatcher:
    """Orders and pushes through the API with the keys of the owner and of the dispatcher."""

    def __init__(self, server: Server, keys: dict[str, str]) -> None:
        self.server = server
        self.key, self.owners_key = keys[DISPATCHER], keys[OWNER]

    def order(self, **consignee: str) -> str:
        """Order a consignment for the owner's company; return its number."""
        order = {
            "order_ref": f"B-{uuid4()}",
            "service": "standard",
            "consignor": PARTY,
            "consignee": PARTY | consignee,
            "pieces": [{"goods": "Tea", "quantity": "1", "unit": "C62", "weight_g": 900}],
        }
        return str(self.call("/consignments", order, key=self.owners_key)["no"])

    def consignment_in(self, status: str, **consignee: str) -> str:
        """Bring a new consignment of the owner's to a status; return its number."""
        no = self.order(**consignee)
        for code in WAY[: WAY.index(status) + 1]:
            self.push(no, code)
        return no

    def push(self, no: str, code: str, **more: Any) -> Any:
        """Push a status."""
        return self.call(f"/consignments/{no}/events", {"code": code, **more})

    def call(self, path: str, body: Any = None, key: str | None = None) -> Any:
        """Return the JSON of a good answer to GET, or to POST if there is a ``body``."""
        request = urllib.request.Request(  # noqa: S310
            self.server.url + "/api/v1" + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {key or self.key}",
                "Content-Type": "application/json",
            },
        )
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return json.loads(answer.read())
