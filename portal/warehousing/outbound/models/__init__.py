"""Tables of goods out, split by noun."""

from portal.warehousing.outbound.models.floor import (
    Carton,
    CartonContent,
    CartonType,
    PickShort,
    PickTask,
    RestockTask,
)
from portal.warehousing.outbound.models.orders import (
    OutboundLine,
    OutboundOrder,
    OutboundSheet,
    OutboundStep,
    Wave,
)

__all__ = [
    "Carton",
    "CartonContent",
    "CartonType",
    "OutboundLine",
    "OutboundOrder",
    "OutboundSheet",
    "OutboundStep",
    "PickShort",
    "PickTask",
    "RestockTask",
    "Wave",
]
