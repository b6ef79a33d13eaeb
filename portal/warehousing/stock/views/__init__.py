"""Pages of stock for members, and the public page on which a certificate is verified."""

from portal.warehousing.stock.views import acting, many, moved, one
from portal.warehousing.stock.views.blueprint import bp
from portal.warehousing.stock.views.verify import bp as verify_bp

__all__ = ["acting", "bp", "many", "moved", "one", "verify_bp"]
