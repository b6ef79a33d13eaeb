"""The desk’s pages of inbound notices, and the floor screens of receiving and putting away."""

from portal.warehousing.inbound.desk import acting, floor_put, floor_receive, many, one, writing
from portal.warehousing.inbound.desk.blueprint import bp
from portal.warehousing.inbound.desk.floor_put import bp as put_bp
from portal.warehousing.inbound.desk.floor_receive import bp as receive_bp

__all__ = [
    "acting",
    "bp",
    "floor_put",
    "floor_receive",
    "many",
    "one",
    "put_bp",
    "receive_bp",
    "writing",
]
