"""Tables of what comes in, split by noun."""

from portal.warehousing.inbound.models.notice import InboundFile, InboundNotice, NoticeLine
from portal.warehousing.inbound.models.putaway import PutAwayTask
from portal.warehousing.inbound.models.receipt import Difference, Receipt, ReceiptLine

__all__ = [
    "Difference",
    "InboundFile",
    "InboundNotice",
    "NoticeLine",
    "PutAwayTask",
    "Receipt",
    "ReceiptLine",
]
