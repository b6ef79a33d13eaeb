"""What the pushes of one transaction tell: totals and log."""

from dataclasses import dataclass, field

from sqlalchemy import Connection

from portal.consignments.events import TrackingEventRecorded
from portal.consignments.service import totals
from portal.core import events


@dataclass(frozen=True)
class Together:
    """What many pushes of one transaction write once, at its end: totals and log.

    Totals last and in one order: two batches never wait for each other.
    """

    changes: list[totals.Change] = field(default_factory=list)
    recorded: list[TrackingEventRecorded] = field(default_factory=list)

    def tell(self, on: Connection) -> None:
        """Write what was gathered."""
        totals.apply(self.changes, on=on)
        events.record_all(self.recorded, on=on)
