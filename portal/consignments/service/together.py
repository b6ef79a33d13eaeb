"""What pushes tell besides their own rows: totals and log, once for a whole transaction."""

from sqlalchemy import Connection

from portal.consignments.events import TrackingEventRecorded
from portal.consignments.service import learning, totals
from portal.core import events
from portal.core.db import Gathered, gathered


class Told(Gathered):
    """What changed of a standing and of what is learnt (None: nothing), and the event behind it.

    Totals last and in one order: two batches never wait for each other.
    """

    items: list[tuple[totals.Change | None, learning.Change | None, TrackingEventRecorded]]

    def write(self, on: Connection) -> None:
        """Write totals and log."""
        totals.apply((change for change, _, _ in self.items if change is not None), on=on)
        learning.keep((lesson for _, lesson, _ in self.items), on=on)
        events.record_all((event for _, _, event in self.items), on=on)


def tell(
    change: totals.Change | None,
    lesson: learning.Change | None,
    event: TrackingEventRecorded,
    *,
    on: Connection,
) -> None:
    """Have the totals and the log know, at the end of the transaction.

    Records TrackingEventRecorded.
    """
    gathered(Told, on).items.append((change, lesson, event))
