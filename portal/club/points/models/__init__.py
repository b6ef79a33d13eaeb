"""Tables of points, split by noun."""

from portal.club.points.models.boards import PointShare, PointStanding
from portal.club.points.models.ledger import PointAccount, PointEntry, PointLine, PointLot

__all__ = [
    "PointAccount",
    "PointEntry",
    "PointLine",
    "PointLot",
    "PointShare",
    "PointStanding",
]
