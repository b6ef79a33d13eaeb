"""Tables of goods out, split by noun."""

from portal.warehousing.outbound.models.orders import (
    OutboundLine,
    OutboundOrder,
    OutboundStep,
    Wave,
)

__all__ = ["OutboundLine", "OutboundOrder", "OutboundStep", "Wave"]
