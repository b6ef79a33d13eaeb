"""Stock of every owner at the desk: levels, movements, corrections, what a code stands for."""

from portal.warehousing.stock.desk import correcting, looking
from portal.warehousing.stock.desk.blueprint import bp

__all__ = ["bp", "correcting", "looking"]
