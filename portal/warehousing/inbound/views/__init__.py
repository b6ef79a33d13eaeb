"""The member’s pages of inbound notices."""

from portal.warehousing.inbound.views import acting, many, one, papers, writing
from portal.warehousing.inbound.views.blueprint import bp

__all__ = ["acting", "bp", "many", "one", "papers", "writing"]
