"""Tables of what comes in, split by noun."""

from portal.warehousing.inbound.models.notice import InboundFile, InboundNotice, NoticeLine
from portal.warehousing.inbound.models.putaway import PutAwayTask
from portal.warehousing.inbound.models.receipt import Difference, Receipt, ReceiptLine

InboundDifference = Difference  # as its table is called

__all__ = [
    "Difference",
    "InboundDifference",
    "InboundFile",
    "InboundNotice",
    "NoticeLine",
    "PutAwayTask",
    "Receipt",
    "ReceiptLine",
]
