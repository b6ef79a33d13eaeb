"""Pages of every day for members: today, raffles."""

from portal.club.daily import causes
from portal.club.daily.views import raffles, today
from portal.club.daily.views.blueprint import bp

__all__ = ["bp", "causes", "raffles", "today"]
