"""Pages of kits: the owner's, the desk's, the floor's."""

from portal.warehousing.kits.views.desk import bp as desk_bp
from portal.warehousing.kits.views.floor import bp as floor_bp
from portal.warehousing.kits.views.member import bp

__all__ = ["bp", "desk_bp", "floor_bp"]
