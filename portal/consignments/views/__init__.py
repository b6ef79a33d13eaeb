"""Pages of consignments for members, split by what they are about."""

from portal.consignments.views import amend, create, locate, many, one
from portal.consignments.views.addresses import bp as addresses
from portal.consignments.views.blueprint import bp
from portal.consignments.views.figures import bp as figures
from portal.consignments.views.figures import desk_bp as figures_desk
from portal.consignments.views.home import bp as home

__all__ = [
    "addresses",
    "amend",
    "bp",
    "create",
    "figures",
    "figures_desk",
    "home",
    "locate",
    "many",
    "one",
]
