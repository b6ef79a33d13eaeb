"""Pages of consignments for members, split by what they are about."""

from portal.consignments.views import amend, many, one
from portal.consignments.views.blueprint import bp

__all__ = ["amend", "bp", "many", "one"]
