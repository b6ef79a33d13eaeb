"""How shared links move when two companies turn out to be one."""

from portal.consignments.merging import follow
from portal.tracking.models import ShareLink


def join() -> None:
    """Let links go with their consignment."""
    follow(ShareLink.__table__)
