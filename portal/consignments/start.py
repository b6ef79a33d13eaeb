"""What consignments need when the portal starts."""

from portal.consignments.service import locating
from portal.core import jobs, later
from portal.core.jobs import Lane


def init_app() -> None:
    """Let jobs ask a geocoder; the way to one is loaded with the first of them."""
    jobs.handles(locating.KIND, later.function("portal.consignments.jobs:handle"), lane=Lane.LONG)
