"""The centre's pages of orders from stock and of waves."""

from portal.warehousing.outbound.desk import acts, entering, many, one, waves, waving
from portal.warehousing.outbound.desk.blueprint import bp, waves_bp

__all__ = ["acts", "bp", "entering", "many", "one", "waves", "waves_bp", "waving"]
