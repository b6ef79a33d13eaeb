"""What pushes tell besides their own rows: totals and log, once for a whole transaction."""

from sqlalchemy import Connection

from portal.consignments.events import TrackingEventRecorded
from portal.consignments.service import totals
from portal.core import events
from portal.core.db import Gathered, gathered


class Told(Gathered):
    """What changed of a standing (None: nothing that totals show), and the event that said so.

    Totals last and in one order: two batches never wait for each other.
    """

    items: list[tuple[totals.Change | None, TrackingEventRecorded]]

    def write(self, on: Connection) -> None:
        """Write totals and log."""
        totals.apply((change for change, _ in self.items if change is not None), on=on)
        events.record_all((event for _, event in self.items), on=on)


def tell(change: totals.Change | None, event: TrackingEventRecorded, *, on: Connection) -> None:
    """Have the totals and the log know, at the end of the transaction.

    Records TrackingEventRecorded.
    """
    gathered(Told, on).items.append((change, event))
