"""Tables of points, split by noun."""

from portal.club.points.models.badges import PointBadge, PointMark, PointTally
from portal.club.points.models.boards import PointShare, PointStanding
from portal.club.points.models.ledger import PointAccount, PointEntry, PointLine, PointLot
from portal.club.points.models.rewards import Reward, RewardOrder

__all__ = [
    "PointAccount",
    "PointBadge",
    "PointEntry",
    "PointLine",
    "PointLot",
    "PointMark",
    "PointShare",
    "PointStanding",
    "PointTally",
    "Reward",
    "RewardOrder",
]
