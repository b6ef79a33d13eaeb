"""Members' pages of orders from stock."""

from portal.warehousing.outbound.views import entering, many, one, sheets
from portal.warehousing.outbound.views.blueprint import bp

__all__ = ["bp", "entering", "many", "one", "sheets"]
