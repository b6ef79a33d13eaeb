"""The fingerprint of what was ordered: the log keeps it, so that the columns can be held to it."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any

import orjson

_PARTY = ("name", "phone", "address", "city", "country", "postcode", "division")
#: Columns that change by order and amendment alone. What others set beside (positions, promises)
#: is not among them; a changed list would be another version and need another name in the log.
COLUMNS: tuple[str, ...] = (
    "order_ref",
    "service",
    *(f"consignor_{name}" for name in _PARTY),
    *(f"consignee_{name}" for name in _PARTY),
    *("piece_count", "gross_weight_g", "volume_mm3", "chargeable_weight_g"),
    *("declared_minor", "declared_currency", "cod_minor", "cod_currency"),
    *("freight_minor", "freight_currency", "insurance_minor", "insurance_currency"),
    *("mode", "dangerous", "temperature_min_c", "temperature_max_c"),
    *("window_from", "window_to", "payer", "note"),
)
_values = itemgetter(*COLUMNS)


def digest(row: Mapping[str, Any]) -> str:
    """Return the SHA-256 of what was ordered by a consignment's columns, 64 hexadecimal digits."""
    said = orjson.dumps(_values(row), default=_instant, option=orjson.OPT_PASSTHROUGH_DATETIME)
    return hashlib.sha256(said).hexdigest()


def _instant(value: Any) -> str:
    """Write an instant in one way, whatever zone it was given in. Raises TypeError for others."""
    if not isinstance(value, datetime):
        raise TypeError(f"{type(value).__name__} is no value of an order")
    return value.astimezone(UTC).isoformat()
