"""Pages of goods: the owner's own, and the desk's over all owners."""

from portal.warehousing.goods.views import editing, many, one, sheets
from portal.warehousing.goods.views.blueprint import bp
from portal.warehousing.goods.views.desk import bp as desk_bp

__all__ = ["bp", "desk_bp", "editing", "many", "one", "sheets"]
