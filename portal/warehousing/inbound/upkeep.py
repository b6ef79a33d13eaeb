"""What is seen to without anybody asking: goods that were picked straight from receiving."""

from portal.core.db import write
from portal.warehousing.inbound.service import putting


def run() -> int:
    """Close tasks of putting away whose goods have left; return how many."""
    return write(putting.settle)
