"""Pages of messages between two people."""

from portal.club.direct import upkeep
from portal.club.direct.views import messages, reports, talks
from portal.club.direct.views.blueprint import bp

__all__ = ["bp", "messages", "reports", "talks", "upkeep"]
