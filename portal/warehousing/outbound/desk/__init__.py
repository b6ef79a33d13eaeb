"""The centre's pages of orders from stock and of waves."""

from portal.warehousing.outbound.desk import acts, carton_types, entering, many, one, waves, waving
from portal.warehousing.outbound.desk.blueprint import bp, types_bp, waves_bp

__all__ = [
    "acts",
    "bp",
    "carton_types",
    "entering",
    "many",
    "one",
    "types_bp",
    "waves",
    "waves_bp",
    "waving",
]
