"""Pages of tracking: by number and by link for everybody, the links of a company's consignment."""

from portal.tracking.views import links, public, shared

bp, links_bp = public.bp, links.bp

__all__ = ["bp", "links", "links_bp", "public", "shared"]
