"""What is seen to without anybody asking: dates that passed, last days of holds."""

from portal.core.db import write
from portal.warehousing.ledger.service import expiring


def run() -> int:
    """Hold lots past their date and lift holds past their last day; return how many."""
    return write(lambda on: expiring.expire(on=on) + expiring.end_those_past(on=on))
