"""Pages of points and rewards for members."""

from portal.club.points.views import boards, own, rewards
from portal.club.points.views.blueprint import bp

__all__ = ["boards", "bp", "own", "rewards"]
