"""Pages of the members' directory."""

from portal.club.people import upkeep
from portal.club.people.views import directory, own, reports
from portal.club.people.views.blueprint import bp

__all__ = ["bp", "directory", "own", "reports", "upkeep"]
