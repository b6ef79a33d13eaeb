"""Pages of messages and call-backs for visitors and members."""

from portal.enquiries.views import board, calls, member
from portal.enquiries.views.blueprint import bp

own_bp = member.bp

__all__ = ["board", "bp", "calls", "member", "own_bp"]
