"""Pages of messages and call-backs for visitors and members."""

from portal.enquiries.shown.figures import measured
from portal.enquiries.views import board, calls, member
from portal.enquiries.views.blueprint import bp
from portal.pages import queries as pages

own_bp = member.bp
pages.provide(measured)

__all__ = ["board", "bp", "calls", "member", "own_bp"]
