"""Bodies that the API takes; say only what the test is about."""

from typing import Any

URL = "/api/v1/consignments"
PARTY = {
    "name": "周敏",
    "phone": "+8613800006021",
    "address": "文一西路 998 号",
    "city": "杭州",
    "country": "CN",
    "postcode": "311121",
}
PIECE = {
    "goods": "洗衣液",
    "quantity": "24",
    "unit": "C62",
    "weight_g": 12500,
    "length_mm": 400,
    "width_mm": 300,
    "height_mm": 300,
}


def order(**values: Any) -> dict[str, Any]:
    """Return the body of an order of one piece."""
    usual = {
        "order_ref": "SO-1",
        "service": "standard",
        "consignor": PARTY,
        "consignee": PARTY,
        "pieces": [PIECE],
    }
    return {**usual, **values}


def fields_of(reply: Any) -> set[str]:
    """Return the paths of the fields that a problem names."""
    return {error["field"] for error in reply.json["errors"]}
