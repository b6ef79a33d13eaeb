"""Pages of the club for members and staff."""

from portal.forum.views import keeping, own, topics
from portal.forum.views.blueprint import bp

__all__ = ["bp", "keeping", "own", "topics"]
